import { commands } from 'vscode';
import type { Command } from '../hostServices';

/** Opens VS Code's keyboard shortcuts at the keys of the review. */
export const changeReviewKeys: Command = async () => {
  await commands.executeCommand('workbench.action.openGlobalKeybindings', 'uniOod.review');
};
