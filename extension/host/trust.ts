import { commands, l10n, window, workspace } from 'vscode';

/** A model runs on the files of a folder only where the person trusts it; says so, with the way to do it, where they do not. */
export async function isTrusted(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const manage = l10n.t('Manage Trust');
  const chosen = await window.showWarningMessage(
    l10n.t('This runs a model on your files. Trust the folder first.'),
    manage,
  );
  if (chosen === manage) await commands.executeCommand('workbench.trust.manage');
  return false;
}
