import type { QuickPick, QuickPickItem } from 'vscode';

/** Shows a quick pick and takes it away again. The item that was accepted; undefined when the person left. */
export function accepted<Item extends QuickPickItem>(pick: QuickPick<Item>): Promise<Item | undefined> {
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems.at(0));
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
