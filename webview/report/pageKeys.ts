import {
  readOnlyActionNames,
  reviewActions,
  type ReviewActionName,
} from '../../extension/protocol/reviewActions';
import { isTyping } from '../state/keyboard';

/** Keys of the review where there is no VS Code to deal with them: as they come, and not while text is typed. */
export function dispatchKeys(run: (action: ReviewActionName) => void): void {
  const actions = new Map(
    readOnlyActionNames.flatMap((name) => reviewActions[name].keys.map((key) => [key, name] as const)),
  );
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || isTyping(document.activeElement)) return;
    const action = actions.get(keyName(event));
    if (action === undefined) return;
    event.preventDefault();
    run(action);
  });
}

const unshifted: Record<string, string> = {
  ...{ Slash: '/', Comma: ',', Period: '.', BracketLeft: '[', BracketRight: ']', Equal: '=', Minus: '-' },
};

/** A key press in the words of VS Code's keybindings, on an English keyboard; "?" wherever it lies. */
export function keyName({ code, key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): string {
  if (key === '?') return 'shift+/';
  const plain = unshifted[code] ?? code.replace(/^(Key|Digit)/, '').toLowerCase();
  return [ctrlKey || metaKey ? 'ctrl' : '', shiftKey ? 'shift' : '', altKey ? 'alt' : '', plain]
    .filter(Boolean)
    .join('+');
}
