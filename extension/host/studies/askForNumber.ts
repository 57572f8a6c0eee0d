import { l10n, window } from 'vscode';

export interface NumberQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly usual: number;
  readonly least: number;
}

/** A whole number that the person types; null when they left. */
export async function askForNumber({ title, prompt, usual, least }: NumberQuestion): Promise<number | null> {
  const numberIn = (text: string): number | null => {
    const value = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
    return value >= least ? value : null;
  };
  const text = await window.showInputBox({
    title,
    prompt,
    value: String(usual),
    ignoreFocusOut: true,
    validateInput: (typed) =>
      numberIn(typed) === null ? l10n.t('Type a whole number, {0} or more.', least) : null,
  });
  return text === undefined ? null : numberIn(text);
}
