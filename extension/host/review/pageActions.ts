import { commands, Uri } from 'vscode';
import type { ScanReference } from '../../protocol/scan';
import { revealFile } from '../scans/revealFile';
import { sameScan, type ScanCatalogue } from '../scans/scanCatalogue';
import { setAutoAdvance } from '../settings';
import type { PageActions } from './reviewPage';

/** What the review screen does with VS Code's own means. */
export function pageActions(catalogue: ScanCatalogue): PageActions {
  return {
    run: async (command) => {
      await commands.executeCommand(`uniOod.${command}`);
    },
    setAutoAdvance,
    openPhoto: async (reference, file) => {
      if (!isKnown(reference)) return;
      await commands.executeCommand('vscode.open', Uri.joinPath(Uri.file(reference.folder), file));
    },
    revealFile: async (reference, file) => {
      if (isKnown(reference)) await revealFile(reference, file);
    },
  };

  function isKnown(reference: ScanReference): boolean {
    return catalogue.scans().some((scan) => sameScan(scan.reference, reference));
  }
}
