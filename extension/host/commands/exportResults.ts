import { basename, join } from 'node:path';
import { commands, env, l10n, ProgressLocation, Uri, window, type QuickPickItem } from 'vscode';
import * as z from 'zod/mini';
import {
  exportFormatSchema,
  exportScan,
  exportSelectionSchema,
  type ExportSelection,
} from '../../protocol/engine';
import type { ScanReference, ScanSummary } from '../../protocol/scan';
import type { Command, HostServices } from '../hostServices';
import { formatCount } from '../../protocol/localisation';
import { chooseFormat } from '../exports/chooseFormat';
import { chooseFile, chooseNewFolder } from '../exports/choosePlace';
import { describeFormats } from '../exports/exportFormats';
import { chooseScan } from '../scans/chooseScan';
import { objectsText } from '../../protocol/progressText';
import { scanName } from '../scans/scanCatalogue';
import { localisation } from '../vscodeLocalisation';

const answersSchema = z.object({
  format: z._default(exportFormatSchema, 'json'),
  only: exportSelectionSchema,
  output: z.string(),
});
type Answers = z.infer<typeof answersSchema>;

/**
 * Writes the objects of a scan with their verdicts in the chosen format, and offers to open what was written.
 * Automation may give `{ only, output }`, and a `format` other than JSON.
 */
export const exportResults: Command = async (host, given, second) => {
  const scan = await chooseScan(host, given);
  if (!scan) return undefined;
  const answers = z.safeParse(answersSchema, second).data ?? (await ask(host, scan));
  if (!answers) return undefined;
  const written = await exported(host, scan.reference, answers);
  void offerToOpen(answers, written.objects);
  return written;
};

/** A report takes a while: how far it is can be seen, and it can be stopped. */
async function exported(
  { engine }: HostServices,
  reference: ScanReference,
  answers: Answers,
): Promise<{ objects: number; output: string }> {
  if (answers.format !== 'html') return engine.request(exportScan, { reference, ...answers });
  const place = { location: ProgressLocation.Notification, cancellable: true };
  return window.withProgress({ ...place, title: l10n.t('Making the report') }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    let told = 0;
    const following = engine.onReportProgressed(({ done, total }) => {
      progress.report({ increment: (100 * (done - told)) / total, message: percentText(done, total) });
      told = done;
    });
    try {
      return await engine.request(exportScan, { reference, ...answers }, stop.signal);
    } finally {
      following.dispose();
    }
  });
}

const percentText = (done: number, total: number): string => l10n.t('{0} of {1} objects', done, total);

/** Null when the person left. */
async function ask({ memory }: HostServices, scan: ScanSummary): Promise<Answers | null> {
  const format = await chooseFormat(exportTitle(scan), memory.exportFormat);
  if (!format) return null;
  const only = format === 'yolo' ? 'all' : await chooseSelection(scan);
  if (!only) return null;
  const output = await (format === 'yolo'
    ? chooseNewFolder(scan.reference, describeFormats().yolo.ending)
    : chooseFile(scan.reference, format, only));
  if (!output) return null;
  await memory.rememberExportFormat(format);
  return { format, only, output: output.fsPath };
}

const exportTitle = ({ reference }: ScanSummary): string => l10n.t('Export from {0}', scanName(reference));

async function chooseSelection(scan: ScanSummary): Promise<ExportSelection | null> {
  const count = (value: number): string => formatCount(value, localisation());
  const items: (QuickPickItem & { only: ExportSelection })[] = [
    {
      only: 'flagged',
      label: l10n.t('Flagged Objects'),
      description: count(scan.flagged),
      detail: l10n.t('Objects below δ, reviewed or not'),
    },
    { only: 'reviewed', label: l10n.t('Reviewed Objects'), detail: l10n.t('Objects that carry a verdict') },
    { only: 'all', label: l10n.t('All Objects'), description: count(scan.objects) },
  ];
  const picked = await window.showQuickPick(items, { title: exportTitle(scan) });
  return picked?.only ?? null;
}

async function offerToOpen({ format, output }: Answers, objects: number): Promise<void> {
  const open = l10n.t('Open');
  const chosen = await window.showInformationMessage(
    l10n.t('{0} written to {1}.', objectsText(objects, localisation()), basename(output)),
    open,
  );
  if (chosen !== open) return;
  if (format === 'html') await showReport(Uri.file(output));
  else
    await commands.executeCommand(
      'vscode.open',
      Uri.file(format === 'yolo' ? join(output, 'data.yaml') : output),
    );
}

/** In the browser; from another computer it has to be fetched first. */
async function showReport(file: Uri): Promise<void> {
  if (env.remoteName === undefined) await env.openExternal(file);
  else await commands.executeCommand('revealInExplorer', file);
}
