import { phrase } from '../../extension/protocol/localisation';
import type { ComparedPhotos } from '../../extension/protocol/comparison';
import type { ChangeName } from '../objects/changes';
import type { ComparedTable, OtherObject } from '../objects/comparedTable';
import { t } from './localise';
import { countOf, formatCount, formatScore } from './numbers';

/** What a way to differ from the other scan is called, and what it means. */
export const changeWords: Record<ChangeName, { name: string; meaning: string }> = {
  changed: { name: phrase('Changed sides'), meaning: phrase('Flagged in one of the two scans only') },
  newlyFlagged: { name: phrase('Newly flagged'), meaning: phrase('Flagged here, kept in the other scan') },
  noLongerFlagged: {
    name: phrase('No longer flagged'),
    meaning: phrase('Kept here, flagged in the other scan'),
  },
  onlyHere: { name: phrase('Only here'), meaning: phrase('The other scan did not find it') },
};

/** What the other scan says of an object that it does not have. */
export function absenceWords(relation: ReturnType<ComparedTable['relationOf']>): string {
  return relation === 'onlyHere' ? t('not found') : t('not compared');
}

/** How far an object moved against the other scan, in percentiles: “+36”, “−4”, “0”. */
export function shiftWords({ percentile, otherPercentile }: OtherObject): string {
  const points = Math.round(100 * (percentile - otherPercentile));
  return `${points > 0 ? '+' : points < 0 ? '−' : ''}${Math.abs(points)}`;
}

/** “kept as cat, score 0.352, percentile 58”. */
export function otherWords(other: OtherObject): string {
  const side = other.flagged
    ? t('flagged, closest to {0}', other.className)
    : t('kept as {0}', other.className);
  const percentile = t('percentile {0}', Math.round(100 * other.otherPercentile));
  return [side, t('score {0}', formatScore(other.score)), percentile].join(', ');
}

/** Photos that are not compared, and why; empty where all are. */
export function leftOutPhotosWords({ compared, onlyHere, onlyThere, changed }: ComparedPhotos): string {
  const parts = [
    onlyHere > 0 && t('{0} only here', formatCount(onlyHere)),
    onlyThere > 0 && t('{0} only in the other', formatCount(onlyThere)),
    changed > 0 && t('{0} changed between the two', formatCount(changed)),
  ].filter((part) => part !== false);
  if (parts.length === 0) return '';
  return t('Compared: {0} that both hold. Left out: {1}.', countOf(compared, 'photo'), parts.join(', '));
}
