import { l10n, window, type QuickPickItem, type Uri } from 'vscode';
import { folderName } from '../classes/classListPicker';
import type { Command } from '../hostServices';
import { referenceOf } from '../scans/chooseScan';

/** Pauses the scan of the given folder, else the one on the screen, else the one that runs; of several it asks which. What is done is kept. */
export const pauseScan: Command = async ({ runs, session }, given) => {
  const reference = referenceOf(given) ?? session.shown;
  const running = runs.folders();
  const meant = running.find(({ fsPath }) => fsPath === reference?.folder);
  if (meant) runs.pause(meant);
  else if (running.length < 2) runs.pause();
  else await chooseAndPause(running, (folder) => runs.pause(folder));
};

async function chooseAndPause(running: readonly Uri[], pause: (folder?: Uri) => void): Promise<void> {
  const all: QuickPickItem & { folder?: Uri } = { label: l10n.t('All of Them') };
  const items = running.map((folder) => ({ label: folderName(folder), description: folder.fsPath, folder }));
  const picked = await window.showQuickPick([...items, all], { title: l10n.t('Pause Which Scan?') });
  if (picked) pause(picked.folder);
}
