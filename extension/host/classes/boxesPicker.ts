import { relative } from 'node:path';
import { l10n, window, type QuickPickItem, type Uri } from 'vscode';
import type { BoxesSetting } from '../settings';
import { folderName, type FolderDescription } from './classListPicker';

/** Asks where the boxes come from in a folder that has annotations. Null when the person left without choosing. */
export async function pickBoxes(
  folder: Uri,
  annotations: NonNullable<FolderDescription['annotations']>,
): Promise<BoxesSetting | null> {
  const items: (QuickPickItem & { boxes: BoxesSetting })[] = [
    {
      boxes: 'detector',
      label: l10n.t('Find Objects in the Images'),
      detail: l10n.t('Finds objects nobody annotated; annotations tell δ and labels'),
    },
    {
      boxes: 'annotations',
      label: l10n.t('Use the Annotated Boxes'),
      description: `${annotations.format}, ${relative(folder.fsPath, annotations.source) || folderName(folder)}`,
      detail: l10n.t('Finds label errors and odd ones among the objects that are annotated'),
    },
  ];
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Objects to check in {0}', folderName(folder)),
    placeHolder: l10n.t('The folder has annotations. The choice is remembered for it.'),
    ignoreFocusOut: true,
  });
  return picked?.boxes ?? null;
}
