/** Spearman's ρ: the correlation of ranks, ties at their mean rank. */
export function rankCorrelation(one: readonly number[], other: readonly number[]): number {
  return correlation(ranksOf(one), ranksOf(other));
}

function ranksOf(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let at = start; at < end; at++) ranks[order[at]] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(one), mean(other)];
  const moment = (x: readonly number[], p: number, y: readonly number[], q: number): number =>
    x.reduce((sum, value, at) => sum + (value - p) * (y[at] - q), 0);
  return moment(one, a, other, b) / Math.sqrt(moment(one, a, one, a) * moment(other, b, other, b));
}
