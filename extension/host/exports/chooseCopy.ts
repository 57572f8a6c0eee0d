import { l10n, Uri, window } from 'vscode';
import type { EditableFormat } from '../../protocol/annotationSource';
import type { ScanReference } from '../../protocol/scan';
import { scanName } from '../scans/scanCatalogue';
import { freeFolder } from './choosePlace';

/**
 * Where a copy of the annotations goes: at first beside the scanned folder, where no scan takes it for the folder's own.
 * Undefined when the person left.
 */
export function chooseCopy(reference: ScanReference, format: EditableFormat): Thenable<Uri | undefined> {
  const around = Uri.joinPath(Uri.file(reference.folder), '..');
  const name = l10n.t('{0}-reviewed', scanName(reference));
  const isFile = format === 'COCO' || format === 'COCO results';
  return window.showSaveDialog({
    title: isFile ? l10n.t('Copy of the Annotations') : l10n.t('New Folder for the Copy'),
    saveLabel: l10n.t('Apply Verdicts'),
    ...(isFile
      ? { defaultUri: Uri.joinPath(around, `${name}.json`), filters: { [format]: ['json'] } }
      : { defaultUri: freeFolder(around, name) }),
  });
}
