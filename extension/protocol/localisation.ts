/** What the parts that know nothing of VS Code need to speak to a person: `vscode.l10n` and the language of the window. */
export interface Localisation {
  readonly language: string;
  t(message: string, ...values: (string | number | boolean)[]): string;
}

/** Marks a text that `t` shows elsewhere, so that the catalogue of texts (`npm run texts`) has it. */
export const phrase = (message: string): string => message;

/** A whole number with the language's thousands separators: 1,203. */
export function formatCount(value: number, { language }: Localisation): string {
  return value.toLocaleString(language, { maximumFractionDigits: 0 });
}

/** A score or δ with three decimals, as everywhere in the review screen: 0.182. */
export function formatScore(value: number, { language }: Localisation): string {
  return value.toLocaleString(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/** A moment as a person reads it: Nov 24, 2026, 4:00 AM. @param time ISO 8601. */
export function formatTime(time: string, { language }: Localisation): string {
  return new Date(time).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** English, filled in as `vscode.l10n` does: for what speaks to a person outside the extension host. */
export const english: Localisation = {
  language: 'en',
  t: (message, ...values) => message.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
};
