import { commands, l10n, Uri, window } from 'vscode';
import { snapshotScan } from '../../protocol/engine';
import type { Command } from '../hostServices';
import { chooseScan } from '../scans/chooseScan';
import { scanName } from '../scans/scanCatalogue';

/** Lists the files a scan could not read, with the reason; choosing one shows it in the Explorer. */
export const showUnreadable: Command = async (host, given) => {
  const scan = await chooseScan(host, given);
  if (!scan) return;
  const { unreadable } = await host.engine.request(snapshotScan, scan.reference);
  const items = unreadable.map(({ file, reason }) => ({ label: file, detail: reason }));
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('All files in {0} could be read.', scanName(scan.reference)));
    return;
  }
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Files that could not be read in {0}', scanName(scan.reference)),
    placeHolder: l10n.t('Choose a file to show it in the Explorer'),
    matchOnDetail: true,
  });
  if (!picked) return;
  const file = Uri.joinPath(Uri.file(scan.reference.folder), picked.label);
  await commands.executeCommand('revealInExplorer', file);
};
