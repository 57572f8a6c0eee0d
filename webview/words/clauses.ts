/**
 * What stands before the first comma, colon, semicolon or end of a sentence: “Measured on 34 objects only”. A point or comma
 * inside a number ends nothing.
 */
export function firstClause(text: string): string {
  return /^.*?(?=[,:;.!?](\s|$)|$)/su.exec(text)?.[0] ?? text;
}
