import { commands, l10n, Uri, window, type QuickPickItem } from 'vscode';
import { sameScan, type ScanCatalogue } from '../scans/scanCatalogue';
import { localisation } from '../vscodeLocalisation';
import { classChoices } from './classChoices';
import type { PageActions } from './reviewPage';

/** What the review screen does with VS Code's own means. */
export function pageActions(catalogue: ScanCatalogue): PageActions {
  return {
    run: async (command) => {
      await commands.executeCommand(`uniOod.${command}`);
    },
    pickClass: (reference, current, classScores) =>
      pickClass(classChoices(catalogue.find(reference)?.classes ?? [], classScores, localisation()), current),
    openPhoto: async (reference, file) => {
      const known = catalogue.scans().some((scan) => sameScan(scan.reference, reference));
      if (!known) return;
      await commands.executeCommand('vscode.open', Uri.joinPath(Uri.file(reference.folder), file));
    },
  };
}

/** A class of the list, or a free name for an object that is out of distribution. Null when the person left. */
function pickClass(listed: QuickPickItem[], current: string | null): Promise<string | null> {
  const pick = window.createQuickPick();
  pick.title = l10n.t('Class of the Object');
  pick.placeholder = l10n.t('A class, or another name for an object that is out of distribution');
  pick.items = listed;
  pick.activeItems = listed.filter(({ label }) => label === current);
  pick.onDidChangeValue((text) => {
    const name = text.trim();
    const free = { label: name, description: l10n.t('out of distribution'), alwaysShow: true };
    pick.items = name === '' || listed.some(({ label }) => label === name) ? listed : [...listed, free];
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
