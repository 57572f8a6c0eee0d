import type { Threshold } from '../protocol/scan';

/**
 * The decision S < δ as a condition of SQL on a row of `object`, with the parameters its question marks take: δ is that
 * of the predicted class. Where all classes have the same δ the index of scores serves it.
 *
 * @param scan with the δ in force of each class of its list.
 */
export function flaggedCondition({
  threshold,
  thresholds,
}: {
  threshold: Pick<Threshold, 'value'>;
  thresholds: Float64Array;
}): { sql: string; parameters: number[] } {
  const own = [...thresholds.entries()].filter(([, value]) => value !== threshold.value);
  if (own.length === 0) return { sql: 'score < ?', parameters: [threshold.value] };
  return {
    sql: `score < CASE predictedClass ${own.map(() => 'WHEN ? THEN ?').join(' ')} ELSE ? END`,
    parameters: [...own.flat(), threshold.value],
  };
}
