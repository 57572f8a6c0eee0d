import { window, type QuickPickItem } from 'vscode';

/** A quick pick whose items stand for values. Undefined when the person left. */
export async function pickValue<Value>(
  title: string,
  placeHolder: string,
  items: readonly (QuickPickItem & { value: Value })[],
): Promise<Value | undefined> {
  return (await window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.value;
}
