import { existsSync } from 'node:fs';
import { l10n, Uri, window } from 'vscode';
import type { ExportFormat, ExportSelection } from '../../protocol/engine';
import type { ScanReference } from '../../protocol/scan';
import { scanName } from '../scans/scanCatalogue';
import { describeFormats } from './exportFormats';

/** The file to write; undefined when the person left. */
export function chooseFile(
  reference: ScanReference,
  format: ExportFormat,
  only: ExportSelection,
): Thenable<Uri | undefined> {
  const { name, ending } = describeFormats()[format];
  return window.showSaveDialog({
    defaultUri: Uri.joinPath(Uri.file(reference.folder), `${scanName(reference)}-${only}.${ending}`),
    filters: { [name]: [ending.slice(ending.lastIndexOf('.') + 1)] },
    saveLabel: l10n.t('Export'),
  });
}

/** The folder to make, at first one that is not there yet; undefined when the person left. */
export function chooseNewFolder(reference: ScanReference, ending: string): Thenable<Uri | undefined> {
  return window.showSaveDialog({
    defaultUri: freeFolder(Uri.file(reference.folder), `${scanName(reference)}-${ending}`),
    title: l10n.t('Folder of the Labels'),
    saveLabel: l10n.t('Export'),
  });
}

/** A folder of this name, or of the name and a number, that is not there yet. */
export function freeFolder(around: Uri, name: string): Uri {
  const place = (count: number): Uri => Uri.joinPath(around, count === 1 ? name : `${name}-${count}`);
  let count = 1;
  while (existsSync(place(count).fsPath)) count++;
  return place(count);
}
