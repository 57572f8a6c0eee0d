import { commands, l10n, window, type Uri } from 'vscode';
import { folderName } from '../classes/classListPicker';

/** Says what new scans do from now on, and offers one: of the folder it is about, else of one to choose. */
export async function offerScan(said: string, folder?: Uri): Promise<void> {
  const scan = folder ? l10n.t('Scan {0}', folderName(folder)) : l10n.t('Scan a Folder…');
  const chosen = await window.showInformationMessage(said, scan);
  if (chosen === scan) await commands.executeCommand('uniOod.scanFolder', folder);
}
