import { english, type Localisation } from '../../extension/protocol/localisation';

/** Translations of this page's texts: the extension's bundle of the language VS Code is in. Empty: English. */
let bundle: Readonly<Record<string, string>> = {};

export function useTranslations(translations: Readonly<Record<string, string>>): void {
  bundle = translations;
}

const translated = (message: string): string => bundle[message] ?? message;

/** A text in the person's language; `{0}`, `{1}` … stand for the values, as in `vscode.l10n.t`. */
export function t(message: string, ...values: (string | number)[]): string {
  return translated(message).replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)]));
}

/** A text in the person's language as it stands between its values, and the number of each value where it belongs. */
export function pieces(message: string): (string | number)[] {
  return translated(message)
    .split(/\{(\d)\}/)
    .map((piece, place) => (place % 2 === 0 ? piece : Number(piece)));
}

/** For texts that this page has in common with others: counts and times as VS Code's own messages write them. */
export const localisation = (): Localisation => ({
  language: document.documentElement.lang || english.language,
  t: (message, ...values) => t(message, ...values.map(String)),
});
