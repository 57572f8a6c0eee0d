import type { EntryChange, Splice } from './splices';
import { splicedText } from './splices';
import { vocObjects, type TextSpan } from './vocText';

/**
 * A Pascal VOC file with objects dropped or called by another name; all else stays as it is.
 *
 * @param changes by the place of an object among the others.
 */
export function changedVoc(text: string, changes: ReadonlyMap<number, EntryChange>): string {
  const splices = vocObjects(text).flatMap(({ whole, name }, at): Splice[] => {
    const change = changes.get(at);
    if (change === undefined) return [];
    if (change === 'drop') return [{ ...withItsLines(text, whole), text: '' }];
    return name ? [{ ...name, text: escaped(change.class) }] : [];
  });
  return splicedText(text, splices);
}

/** What stands alone on its lines goes with them. */
function withItsLines(text: string, { start, end }: TextSpan): TextSpan {
  const before = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, start));
  const after = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (!before || !after) return { start, end };
  return { start: start - before[1].length, end: end + after[0].length };
}

/** Names are read as they are written, so what is an entity already stays one. */
function escaped(name: string): string {
  return name
    .replace(/&(?!(?:#\d+|#x[\da-f]+|\w+);)/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
