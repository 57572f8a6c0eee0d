import { commands, type Disposable } from 'vscode';
import { actionCommand, reviewActionNames } from '../../protocol/reviewActions';
import type { ReviewSession } from './reviewSession';

/** Given to the command of a key, which then does nothing. */
export const toSettle = 'settle';

/**
 * Keeps keys of the review in their order, and lets none act before that is so. At the first use of a command in a window
 * VS Code asks the extension host whether it is active, and commands used before let it wait for nothing: a key that gives a
 * verdict would be overtaken by the one that leads to the next object. So each is used once, for nothing, as soon as the
 * review is seen; through VS Code's own `runCommands`, since what an extension calls of its own does not come by there.
 */
export function settleKeys(session: ReviewSession): Disposable {
  const settle = (): void => {
    if (!session.hasVisiblePlace) return;
    following.dispose();
    const uses = reviewActionNames.map((action) => ({ command: actionCommand(action), args: toSettle }));
    const settled = (): void => session.keyboard.keepsOrder();
    commands.executeCommand('runCommands', { commands: uses }).then(settled, settled);
  };
  const following = session.onDidChangeVisibility(settle);
  return following;
}
