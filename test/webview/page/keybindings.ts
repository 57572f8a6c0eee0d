/// <reference lib="dom" />
import { keyName } from '../../../webview/report/pageKeys';
import {
  actionCommand,
  reviewActionNames,
  type ReviewActionName,
} from '../../../extension/protocol/reviewActions';

export interface Keybinding {
  readonly command: string;
  readonly key: string;
  readonly when: string;
}

/**
 * Keys as VS Code deals with them: a webview passes every key press on, unless the page stops it, and the keybindings of
 * package.json decide which command it is. An English keyboard.
 */
export function dispatchKeys(
  bindings: readonly Keybinding[],
  keyboard: () => { focused: boolean; typing: boolean },
  run: (action: ReviewActionName) => void,
): void {
  const actions = new Map(reviewActionNames.map((name) => [actionCommand(name), name]));
  window.addEventListener('keydown', (event) => {
    if (/^[zy]$/i.test(event.key) && (event.ctrlKey || event.metaKey)) event.preventDefault();
    const { focused, typing } = keyboard();
    const pressed = keyName(event);
    const binding = bindings.find(({ key, when }) => key === pressed && holds(when, focused, typing));
    const action = actions.get(binding?.command ?? '');
    if (action !== undefined) run(action);
  });
}

function holds(when: string, focused: boolean, typing: boolean): boolean {
  const facts: Record<string, boolean> = {
    'uniOod.reviewFocus': focused,
    '!uniOod.inputFocus': !typing,
    // Of the rest of VS Code: there is none around this page.
    '!inputFocus': true,
    '!listFocus': true,
    'config.uniOod.review.singleKeys': true,
  };
  return when.split(' && ').every((fact) => {
    if (!(fact in facts)) throw new Error(`A keybinding asks for ${fact}, which this host does not know.`);
    return facts[fact];
  });
}
