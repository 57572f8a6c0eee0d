import { l10n, window, type QuickPickItem, type Uri } from 'vscode';
import { formatCount } from '../localisation';
import type { BoxesSetting } from '../settings';
import { localisation } from '../vscodeLocalisation';
import { folderName, type FolderDescription } from './classListPicker';

/** Asks where the boxes come from in a folder that has annotations. Null when the person left without choosing. */
export async function pickBoxes(
  folder: Uri,
  { annotations }: FolderDescription,
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
      description: annotations.map(({ format, source }) => `${format}, ${source}`).join(' · '),
      detail: l10n.t(
        '{0} annotated objects',
        formatCount(
          annotations.reduce((sum, { objects }) => sum + objects, 0),
          localisation(),
        ),
      ),
    },
  ];
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Objects to check in {0}', folderName(folder)),
    placeHolder: l10n.t('The folder has annotations. The choice is remembered for it.'),
    ignoreFocusOut: true,
  });
  return picked?.boxes ?? null;
}
