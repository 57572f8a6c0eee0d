import { env, l10n } from 'vscode';
import type { Localisation } from '../protocol/localisation';

/** The language of this window. */
export const localisation = (): Localisation => ({
  language: env.language,
  t: (message, ...values) => l10n.t(message, ...values),
});
