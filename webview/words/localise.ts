/** Translations of this page's texts: the extension's bundle of the language VS Code is in. Empty: English. */
let bundle: Readonly<Record<string, string>> = {};

export function useTranslations(translations: Readonly<Record<string, string>>): void {
  bundle = translations;
}

/** A text in the person's language; `{0}`, `{1}` … stand for the values, as in `vscode.l10n.t`. */
export function t(message: string, ...values: (string | number)[]): string {
  return (bundle[message] ?? message).replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)]));
}
