const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A file name in one line: what would break it or move the cursor is shown by its escape, as in “a\nb.jpg”. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return escapes[character] ?? `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Whether a name ends a line of a text that holds one name a line. */
export const breaksLines = (name: string): boolean => /[\n\r]/.test(name);
