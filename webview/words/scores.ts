import type { ScoreRange } from '../objects/filterTerms';
import { t } from './localise';
import { formatScore } from './numbers';

/** “Score 0.180 to 0.210”. */
export function scoresWords(scores: ScoreRange | null): string {
  if (scores === null) return t('Any score');
  return t('Score {0} to {1}', formatScore(scores.least), formatScore(scores.most));
}
