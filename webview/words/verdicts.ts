import { phrase } from '../../extension/protocol/localisation';
import type { Verdict } from '../../extension/protocol/results';
import { t } from './localise';
import { formatCount } from './numbers';

/** What a verdict is called, and the codicon that stands for it. */
export const verdictWords: Record<Verdict, { name: string; icon: string }> = {
  ood: { name: phrase('Out of distribution'), icon: 'circle-slash' },
  id: { name: phrase('In distribution'), icon: 'pass-filled' },
  ignored: { name: phrase('Ignored'), icon: 'dash' },
};

/** “37 × Ignored”; of one object the words alone. */
export function timesWords(count: number, words: string): string {
  return count === 1 ? words : `${formatCount(count)} × ${words}`;
}

/** “In distribution: cat”. */
export function verdictSentence(verdict: Verdict, className: string | undefined): string {
  const { name } = verdictWords[verdict];
  return className === undefined ? t(name) : `${t(name)}: ${className}`;
}
