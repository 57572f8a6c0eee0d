import { commands, Uri } from 'vscode';
import type { ScanReference } from '../../protocol/scan';

/** Shows a file of a scanned folder in the Explorer. */
export async function revealFile({ folder }: ScanReference, file: string): Promise<void> {
  await commands.executeCommand('revealInExplorer', Uri.joinPath(Uri.file(folder), file));
}
