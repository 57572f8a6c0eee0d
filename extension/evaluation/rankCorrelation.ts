/**
 * Spearman's ρ: the correlation of ranks, ties at their mean rank. In [−1, 1]; NaN where all values of a side are equal, and
 * for fewer than two pairs.
 */
export function rankCorrelation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return correlation(meanRanks(one), meanRanks(other));
}

/** The rank of each value among all, from 0 for the lowest; those that are equal have the mean of their ranks. */
export function meanRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, at) => at).sort(
    (a, b) => values[a] - values[b],
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let at = start; at < end; at++) ranks[order[at]] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}

/** Pearson's correlation of two lists of the same length. In [−1, 1]; NaN where all values of a side are equal. */
export function correlation(one: Float64Array, other: Float64Array): number {
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(one), mean(other)];
  const moment = (x: Float64Array, p: number, y: Float64Array, q: number): number =>
    x.reduce((sum, value, at) => sum + (value - p) * (y[at] - q), 0);
  return moment(one, a, other, b) / Math.sqrt(moment(one, a, one, a) * moment(other, b, other, b));
}
