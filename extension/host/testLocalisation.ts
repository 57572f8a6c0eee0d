import type { Localisation } from './localisation';

/** English, filled in as `vscode.l10n` does: for tests that run outside VS Code. */
export const english: Localisation = {
  language: 'en',
  t: (message, ...values) => message.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
};
