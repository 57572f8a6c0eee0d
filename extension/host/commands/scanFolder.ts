import { commands, l10n, Uri, window, workspace } from 'vscode';
import * as z from 'zod/mini';
import { UserFacingError } from '../../protocol/userFacingError';
import type { ScanSummary } from '../../protocol/scan';
import type { ScanChoices } from '../classes/scanChoices';
import type { Command, HostServices } from '../hostServices';
import { settings } from '../settings';
import { showFailure } from '../showFailure';

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
      if (choices) scans.push(startScan(host, folder, choices, false));
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

/** Scans a folder with choices already made. Null when the scan was cancelled. */
export function startScan(
  { runs }: HostServices,
  folder: Uri,
  { classes, boxes }: ScanChoices,
  fresh: boolean,
): Promise<ScanSummary | null> {
  return runs.run({
    folder: folder.fsPath,
    classes,
    boxes,
    model: settings.model(),
    detector: settings.detector(),
    fresh,
  });
}

/** A model runs on the files of a folder only where the person trusts it. */
export async function isTrusted(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const manage = l10n.t('Manage Trust');
  const chosen = await window.showWarningMessage(
    l10n.t('Scanning runs a model on your files. Trust this folder to scan it.'),
    manage,
  );
  if (chosen === manage) await commands.executeCommand('workbench.trust.manage');
  return false;
}

async function chosenFolders(first: unknown, second: unknown): Promise<Uri[]> {
  if (Array.isArray(second) && second.length > 0) return second.filter((item) => item instanceof Uri);
  if (first instanceof Uri) return [first];
  const picked = await window.showOpenDialog({
    title: l10n.t('Scan a Folder for Out-of-Distribution Objects'),
    openLabel: l10n.t('Scan'),
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: true,
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
  });
  return picked ?? [];
}

function onDisk(folder: Uri): Uri {
  if (folder.scheme === 'file') return folder;
  throw new UserFacingError(
    l10n.t("{0} is not on this computer's disk. Copy it there to scan it.", folder.toString(true)),
  );
}
