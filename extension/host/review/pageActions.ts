import { commands, l10n, Uri, window, type QuickPickItem } from 'vscode';
import { sameScan, type ScanCatalogue } from '../scans/scanCatalogue';
import type { PageActions } from './reviewPage';

/** What the review screen does with VS Code's own means. */
export function pageActions(catalogue: ScanCatalogue): PageActions {
  return {
    run: async (command) => {
      await commands.executeCommand(`uniOod.${command}`);
    },
    pickClass: (reference, current) => pickClass(catalogue.find(reference)?.classes ?? [], current),
    openPhoto: async (reference, file) => {
      const known = catalogue.scans().some((scan) => sameScan(scan.reference, reference));
      if (!known) return;
      await commands.executeCommand('vscode.open', Uri.joinPath(Uri.file(reference.folder), file));
    },
  };
}

/** A class of the list, or a free name for an object that is out of distribution. Null when the person left. */
function pickClass(classes: readonly string[], current: string | null): Promise<string | null> {
  const listed: QuickPickItem[] = classes.map((label) => ({ label }));
  const pick = window.createQuickPick();
  pick.title = l10n.t('Class of the Object');
  pick.placeholder = l10n.t('A class, or another name for an object that is out of distribution');
  pick.items = listed;
  pick.activeItems = listed.filter(({ label }) => label === current);
  pick.onDidChangeValue((text) => {
    const name = text.trim();
    const free = { label: name, description: l10n.t('out of distribution'), alwaysShow: true };
    pick.items = name === '' || classes.includes(name) ? listed : [...listed, free];
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.activeItems.at(0)?.label ?? null);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(null);
      pick.dispose();
    });
    pick.show();
  });
}
