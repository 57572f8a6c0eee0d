import { reviewActions, type ReviewActionName } from '../../extension/protocol/reviewActions';

const isMac = (): boolean => typeof navigator !== 'undefined' && /Mac/.test(navigator.userAgent);
const names: Record<string, string> = { shift: 'Shift', ctrl: 'Ctrl', cmd: '⌘', click: 'Click' };

/** A keybinding of VS Code as a person reads it: “Shift+N”, “Ctrl+Z”, “?”. */
export function keyLabel(key: string): string {
  if (key === 'shift+/') return '?';
  return key
    .split('+')
    .map((part) => (part === 'ctrl' && isMac() ? names['cmd'] : (names[part] ?? part.toUpperCase())))
    .join('+');
}

/** The key an action comes with. */
export const keyOf = (action: ReviewActionName): string => keyLabel(reviewActions[action].keys[0] ?? '');
