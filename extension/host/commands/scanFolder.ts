import { l10n, Uri } from 'vscode';
import * as z from 'zod/mini';
import type { ScanSettings, ScanSummary } from '../../protocol/scan';
import { askForFolders, onDisk } from '../folders';
import type { Command, HostServices } from '../hostServices';
import { settings } from '../settings';
import { showFailure } from '../showFailure';
import { isTrusted } from '../trust';

const answersSchema = z.object({
  classes: z.optional(z.union([z.string(), z.array(z.string())])),
  boxes: z.optional(z.string()),
});

/**
 * Scans a folder: the one given, all those selected in the Explorer, or one that the person chooses.
 * Automation may give the answers, as `{ classes, boxes }`, in place of the selection.
 *
 * @returns the summaries of the scans that finished.
 */
export const scanFolder: Command = async (host, first, second): Promise<ScanSummary[]> => {
  if (!(await isTrusted())) return [];
  const folders = await chosenFolders(first, second);
  const answers = z.safeParse(answersSchema, second);
  // One folder that cannot be scanned does not keep the others from it.
  const scans: Promise<ScanSummary | null>[] = [];
  const failures: unknown[] = [];
  for (const folder of folders) {
    try {
      const choices = await host.choices.choose(onDisk(folder), answers.success ? answers.data : {});
      if (choices)
        scans.push(startScan(host, folder, choices.classes, newScanSettings(folder, choices.boxes)));
    } catch (error) {
      failures.push(error);
    }
  }
  const ended = await Promise.allSettled(scans);
  failures.push(...ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : [])));
  if (folders.length === 1 && failures.length > 0) throw failures[0];
  for (const failure of failures) void showFailure(host, failure);
  return ended.flatMap((end) => (end.status === 'fulfilled' && end.value ? [end.value] : []));
};

/** Scans a folder with choices already made. Null when the scan was paused. */
export function startScan(
  { runs }: HostServices,
  folder: Uri,
  classes: string[],
  asked: ScanSettings,
  fresh = false,
): Promise<ScanSummary | null> {
  const newTruePositiveRate = settings.truePositiveRate(folder);
  return runs.run({ ...asked, folder: folder.fsPath, classes, fresh, newTruePositiveRate });
}

/** What new scans of a folder are begun with, as the settings stand now. */
export function newScanSettings(folder: Uri, boxes: string): ScanSettings {
  return {
    boxes,
    model: settings.model(),
    detector: settings.detector(),
    combiner: settings.combiner(folder),
    configuration: {
      ...(settings.fast(folder) ? { views: { background: 'shared' } } : {}),
      prompts: settings.prompts(folder),
      aliases: settings.classAliases(folder),
    },
  };
}

async function chosenFolders(first: unknown, second: unknown): Promise<Uri[]> {
  if (Array.isArray(second) && second.length > 0) return second.filter((item) => item instanceof Uri);
  if (first instanceof Uri) return [first];
  return askForFolders(
    { title: l10n.t('Scan a Folder for Out-of-Distribution Objects'), openLabel: l10n.t('Scan') },
    true,
  );
}
