import { l10n, window, type QuickPickItem, type Uri } from 'vscode';
import { folderName } from '../classes/classListPicker';
import type { Command } from '../hostServices';
import { referenceOf } from '../scans/chooseScan';

/** Stops the scan of the given folder, else the one on the screen, else the one that runs; of several it asks which. */
export const cancelScan: Command = async ({ runs, session }, given) => {
  const reference = referenceOf(given) ?? session.shown;
  const running = runs.folders();
  const meant = running.find(({ fsPath }) => fsPath === reference?.folder);
  if (meant) runs.cancel(meant);
  else if (running.length < 2) runs.cancel();
  else await chooseAndCancel(running, (folder) => runs.cancel(folder));
};

async function chooseAndCancel(running: readonly Uri[], cancel: (folder?: Uri) => void): Promise<void> {
  const all: QuickPickItem & { folder?: Uri } = { label: l10n.t('All of Them') };
  const items = running.map((folder) => ({ label: folderName(folder), description: folder.fsPath, folder }));
  const picked = await window.showQuickPick([...items, all], { title: l10n.t('Cancel Which Scan?') });
  if (picked) cancel(picked.folder);
}
