import { l10n, Uri, window, workspace } from 'vscode';
import { UserFacingError } from '../protocol/userFacingError';
import { referenceOf } from './scans/chooseScan';

/** What a dialogue that asks for folders says. */
export interface FolderQuestion {
  readonly title: string;
  readonly openLabel: string;
}

/** The folder that a menu, a tree item or a caller stands for, else one that the person chooses; null when they left. */
export async function chooseFolder(given: unknown, question: FolderQuestion): Promise<Uri | null> {
  if (given instanceof Uri) return onDisk(given);
  const reference = referenceOf(given);
  if (reference) return Uri.file(reference.folder);
  const folder = (await askForFolders(question, false)).at(0);
  return folder ? onDisk(folder) : null;
}

/** Asks for folders, beginning in the workspace. Empty when the person left. */
export async function askForFolders(question: FolderQuestion, several: boolean): Promise<Uri[]> {
  const picked = await window.showOpenDialog({
    ...question,
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: several,
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
  });
  return picked ?? [];
}

/** @throws UserFacingError when the folder is not on a disk that the engine can read. */
export function onDisk(folder: Uri): Uri {
  if (folder.scheme === 'file') return folder;
  throw new UserFacingError(
    l10n.t("{0} is not on this computer's disk. Copy it there first.", folder.toString(true)),
  );
}
