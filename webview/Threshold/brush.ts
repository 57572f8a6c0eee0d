import type { HistogramScale } from '../charts/histogram';
import type { ScoreRange } from '../objects/filterTerms';

/** Scores are chosen in three decimals, as they are shown. */
export const rounded = (value: number): number => Math.round(1000 * value) / 1000;

/** The range of scores between two places of a histogram, whichever is the left one. */
export function brushedRange(scale: HistogramScale, from: number, to: number): ScoreRange {
  const ends = [scale.toScore(Math.min(from, to)), scale.toScore(Math.max(from, to))];
  return { least: rounded(ends[0]), most: rounded(ends[1]) };
}

const steps: Record<string, number> = {
  ArrowLeft: -0.001,
  ArrowDown: -0.001,
  ArrowRight: 0.001,
  ArrowUp: 0.001,
  PageDown: -0.01,
  PageUp: 0.01,
};

/** Where a key of a slider takes a score, between two ends; null for any other key. */
export function steppedScore(key: string, score: number, { least, most }: ScoreRange): number | null {
  if (key === 'Home') return least;
  if (key === 'End') return most;
  if (!(key in steps)) return null;
  return Math.min(most, Math.max(least, rounded(score + steps[key])));
}
