import { quantile } from '../objects/scoreIndex';

/** The one axis all scores are drawn on: from `low` to `high`, with what lies outside in an end of its own. */
export interface ScoreAxis {
  readonly low: number;
  readonly high: number;
  /** Ends of the threshold slider; beyond every score, so that δ can flag none and all. */
  readonly minimum: number;
  readonly maximum: number;
}

const endShare = 0.005;

/**
 * The axis from the 0.5th to the 99.5th percentile of the ascending scores, wide enough to show δ.
 * Without scores it is 0 to 1.
 */
export function scoreAxis(scores: ArrayLike<number>, threshold: number): ScoreAxis {
  if (scores.length === 0)
    return { low: 0, high: 1, minimum: Math.min(0, threshold), maximum: Math.max(1, threshold) };
  const low = Math.min(quantile(scores, endShare), threshold);
  const high = Math.max(quantile(scores, 1 - endShare), threshold);
  const margin = Math.max(0.002, 0.02 * (high - low));
  const bounds = { low: low - margin, high: high + margin };
  return {
    ...bounds,
    minimum: Math.min(bounds.low, scores[0]) - margin,
    maximum: Math.max(bounds.high, scores[scores.length - 1]) + margin,
  };
}

/** The axis for scores of a class whose δ lies `by` above the common one: the two δ stand at the same place. */
export function shiftedAxis({ low, high, minimum, maximum }: ScoreAxis, by: number): ScoreAxis {
  return { low: low + by, high: high + by, minimum: minimum + by, maximum: maximum + by };
}

/** At which end of the axis a score stands that lies beyond it; null: it lies between. */
export function endBeyond({ low, high }: ScoreAxis, score: number): 'low' | 'high' | null {
  return score < low ? 'low' : score > high ? 'high' : null;
}

/** Place of a score between `low` (0) and `high` (1); what lies outside stands at the end. */
export function placeOnAxis(axis: ScoreAxis, score: number): number {
  return Math.min(1, Math.max(0, (score - axis.low) / (axis.high - axis.low)));
}

/** Round values between the ends, at most `most` of them. */
export function axisTicks(axis: ScoreAxis, most: number): number[] {
  const span = axis.high - axis.low;
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= most) ?? span;
  const first = Math.ceil(axis.low / step);
  const last = Math.floor(axis.high / step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const ticks: number[] = [];
  for (let index = first; index <= last; index++) ticks.push(Number((index * step).toFixed(decimals)));
  return ticks;
}

/**
 * Round values between the ends, at most `most` of them; more where too many are covered: without two numbers nobody can
 * read an axis.
 */
export function readableTicks(axis: ScoreAxis, most: number, isCovered: (tick: number) => boolean): number[] {
  for (let tried = most; tried <= 3 * most; tried++) {
    const ticks = axisTicks(axis, tried);
    if (ticks.filter((tick) => !isCovered(tick)).length >= 2) return ticks;
  }
  return axisTicks(axis, most);
}

/** A tick's number, as short as it can be. */
export function tickLabel(value: number): string {
  return String(value).replace('-', '−');
}
