import type { ModelListing } from '../../protocol/models';
import type { Localisation } from '../../protocol/localisation';

const icons = { embedded: '$(package)', stored: '$(check)', offered: '$(cloud-download)' } as const;

/** The line of a model in a list. */
export function modelLabel({ title, state, broken }: ModelListing): string {
  return `${broken ? '$(error)' : icons[state]} ${title}`;
}

/** What stands below it: what to expect and the licence, or why it cannot be used. */
export function modelDetail({ expectation, licence, broken }: ModelListing, l10n: Localisation): string {
  if (broken) return broken;
  return [expectation, l10n.t('Licence: {0}', licence)].filter((part) => part !== '').join(' · ');
}
