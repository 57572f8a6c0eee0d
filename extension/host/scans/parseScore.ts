/** A number as a person types it, with a decimal point or a decimal comma; null when it is none. */
export function parseScore(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}
