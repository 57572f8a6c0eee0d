import { basename } from 'node:path';
import { commands, l10n, Uri, window, type QuickPickItem } from 'vscode';
import * as z from 'zod/mini';
import { exportScan, exportSelectionSchema, type ExportSelection } from '../../protocol/engine';
import type { ScanSummary } from '../../protocol/scan';
import type { Command } from '../hostServices';
import { formatCount } from '../../protocol/localisation';
import { chooseScan } from '../scans/chooseScan';
import { objectsText } from '../../protocol/progressText';
import { scanName } from '../scans/scanCatalogue';
import { localisation } from '../vscodeLocalisation';

const answersSchema = z.object({ only: exportSelectionSchema, output: z.string() });

/**
 * Writes the objects of a scan with their verdicts to a results file, and offers to open it.
 * Automation may give `{ only, output }`.
 */
export const exportResults: Command = async (host, given, second) => {
  const scan = await chooseScan(host, given);
  if (!scan) return undefined;
  const answers = z.safeParse(answersSchema, second);
  const only = answers.success ? answers.data.only : await chooseSelection(scan);
  if (!only) return undefined;
  const output = answers.success ? Uri.file(answers.data.output) : await chooseFile(scan, only);
  if (!output) return undefined;
  const { reference } = scan;
  const written = await host.engine.request(exportScan, {
    reference,
    format: 'json',
    only,
    output: output.fsPath,
  });
  void offerToOpen(output, written.objects);
  return written;
};

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
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Export from {0}', scanName(scan.reference)),
  });
  return picked?.only ?? null;
}

function chooseFile({ reference }: ScanSummary, only: ExportSelection): Thenable<Uri | undefined> {
  return window.showSaveDialog({
    defaultUri: Uri.joinPath(Uri.file(reference.folder), `${scanName(reference)}-${only}.json`),
    filters: { JSON: ['json'] },
    saveLabel: l10n.t('Export'),
  });
}

async function offerToOpen(output: Uri, objects: number): Promise<void> {
  const open = l10n.t('Open');
  const chosen = await window.showInformationMessage(
    l10n.t('{0} written to {1}.', objectsText(objects, localisation()), basename(output.fsPath)),
    open,
  );
  if (chosen === open) await commands.executeCommand('vscode.open', output);
}
