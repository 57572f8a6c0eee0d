import type { RowDecision } from '../objects/objectTable';
import type { ComparedTable } from '../objects/comparedTable';
import { absenceWords, otherWords } from './comparison';
import { t } from './localise';
import { formatScore } from './numbers';
import { verdictSentence } from './verdicts';

/** What a row of the list tells. */
export interface RowFacts {
  /** The class that the object is closest to. */
  readonly className: string;
  readonly file: string;
  readonly score: number;
  readonly flagged: boolean;
  readonly decision: RowDecision | null;
  /** The verdict is not on the disk yet. */
  readonly waiting: boolean;
  /** What the other scan says, in words; null where none is compared. */
  readonly otherSaid: string | null;
}

/** A flagged object is none of the classes: the name is only that of the closest one, until a person says more. */
export function isOnlyClosest({ flagged, decision }: Pick<RowFacts, 'flagged' | 'decision'>): boolean {
  return flagged && decision?.class === undefined;
}

/** What the other scan says of the object in a row. */
export function otherScanWords(compared: ComparedTable, row: number): string {
  const other = compared.otherOf(row);
  return other ? otherWords(other) : absenceWords(compared.relationOf(row));
}

/** What is told on pointing at a row, a line each. */
export function rowTooltip(facts: RowFacts): string {
  return [
    isOnlyClosest(facts) && t('Closest class: {0}', facts.className),
    facts.otherSaid !== null && t('In the other scan: {0}', facts.otherSaid),
    facts.file,
  ]
    .filter((line) => line !== false)
    .join('\n');
}

/** What a screen reader says of a row. */
export function rowSentence(facts: RowFacts): string {
  return [
    isOnlyClosest(facts) ? t('closest to {0}', facts.className) : facts.className,
    t('score {0}', formatScore(facts.score)),
    facts.flagged ? t('flagged') : t('kept'),
    ...(facts.otherSaid === null ? [] : [t('in the other scan: {0}', facts.otherSaid)]),
    facts.decision ? verdictSentence(facts.decision.verdict, facts.decision.class) : t('not reviewed'),
    ...(facts.waiting ? [t('not saved yet')] : []),
    facts.file,
  ].join(', ');
}
