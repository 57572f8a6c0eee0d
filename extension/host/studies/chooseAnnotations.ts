import { l10n, window, type Uri } from 'vscode';

/** A file or folder with labelled boxes that lies elsewhere; null when the person left. */
export async function chooseAnnotations(folder: Uri): Promise<string | null> {
  const chosen = await window.showOpenDialog({
    defaultUri: folder,
    title: l10n.t('Annotations of {0}', folder.fsPath),
    openLabel: l10n.t('Use as Labels'),
    canSelectFiles: true,
    canSelectFolders: true,
  });
  return chosen?.at(0)?.fsPath ?? null;
}
