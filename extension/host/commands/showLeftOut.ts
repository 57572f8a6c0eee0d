import { l10n, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import { snapshotScan } from '../../protocol/engine';
import { printable } from '../../protocol/printable';
import type { UnreadableFile } from '../../protocol/results';
import type { Command } from '../hostServices';
import { chooseScan } from '../scans/chooseScan';
import { revealFile } from '../scans/revealFile';
import { scanName } from '../scans/scanCatalogue';

/** Lists the files a scan could not read and the annotations it could not use, with the reason; choosing one shows it. */
export const showLeftOut: Command = async (host, given) => {
  const scan = await chooseScan(host, given);
  if (!scan) return;
  const { unreadable, leftOut } = await host.engine.request(snapshotScan, scan.reference);
  const items = [
    ...section(l10n.t('Could not be read'), unreadable),
    ...section(l10n.t('Annotations that could not be used'), leftOut),
  ];
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('Nothing was left out of {0}.', scanName(scan.reference)));
    return;
  }
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Left out of {0}', scanName(scan.reference)),
    placeHolder: l10n.t('Choose a file to show it in the Explorer'),
    matchOnDetail: true,
  });
  if (picked?.file !== undefined) await revealFile(scan.reference, picked.file);
};

function section(label: string, files: readonly UnreadableFile[]): (QuickPickItem & { file?: string })[] {
  if (files.length === 0) return [];
  const items = files.map(({ file, reason }) => ({ label: printable(file), detail: reason, file }));
  return [{ label, kind: QuickPickItemKind.Separator }, ...items];
}
