import { phrase } from '../../extension/protocol/localisation';
import type { ShownObjects } from '../objects/objectFilter';
import { t } from './localise';
import { formatCount } from './numbers';

/** What the objects on a side of δ are called. */
export const sideWords: Record<ShownObjects, string> = {
  flagged: phrase('Flagged'),
  kept: phrase('Kept'),
  all: phrase('All'),
};

/** What leads to new objects that are not listed yet: “Show 3 new flagged objects”. */
export function showNewWords(count: number, shown: ShownObjects): string {
  const many = formatCount(count);
  if (shown === 'flagged')
    return count === 1 ? t('Show 1 new flagged object') : t('Show {0} new flagged objects', many);
  if (shown === 'kept')
    return count === 1 ? t('Show 1 new kept object') : t('Show {0} new kept objects', many);
  return count === 1 ? t('Show 1 new object') : t('Show {0} new objects', many);
}
