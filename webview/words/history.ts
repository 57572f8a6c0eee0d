import type { HistoryAnswer, HistoryDirection } from '../../extension/protocol/scan';
import type { RowDecision } from '../objects/objectTable';
import { t } from './localise';
import { formatCount } from './numbers';
import { timesWords, verdictSentence } from './verdicts';

/**
 * What undo or redo did: “Undone: Out of distribution.”, “Redone: 37 × Ignored.”
 *
 * @param decisionOf what an object of the scan carried before.
 */
export function historySentence(
  direction: HistoryDirection,
  { changes, elsewhere }: HistoryAnswer,
  decisionOf: (id: string) => RowDecision | null,
): string {
  const isUndo = direction === 'undo';
  const count = changes.length + elsewhere;
  if (count === 0) return isUndo ? t('Nothing to undo.') : t('Nothing to redo.');
  const words = changes.map(({ id, decision }) => verdictWordsOf(isUndo ? decisionOf(id) : decision));
  // Of objects that are not in this scan only the number is known.
  const isOneVerdict = elsewhere === 0 && new Set(words).size === 1;
  const verdicts = isOneVerdict
    ? timesWords(count, words[0])
    : count === 1
      ? t('1 verdict')
      : t('{0} verdicts', formatCount(count));
  const done = isUndo ? t('Undone: {0}.', verdicts) : t('Redone: {0}.', verdicts);
  if (elsewhere === 0) return done;
  return `${done} ${t('Objects that are in another scan of this folder: {0}.', formatCount(elsewhere))}`;
}

const verdictWordsOf = (decision: RowDecision | null): string =>
  decision === null ? t('Verdict cleared') : verdictSentence(decision.verdict, decision.class);
