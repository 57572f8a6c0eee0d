/**
 * Metrics of telling in-distribution from out-of-distribution objects. ID is the positive class and a higher score
 * means more in distribution, everywhere.
 */

/** AUROC by rank, ties counted half. @throws RangeError when a side is empty or a score is no number. */
export function auroc(idScores: ArrayLike<number>, oodScores: ArrayLike<number>): number {
  const ood = sortedScores(oodScores, 'OOD');
  const id = sortedScores(idScores, 'ID');
  let wins = 0;
  for (const score of id) wins += (countBelow(ood, score) + countAtMost(ood, score)) / 2;
  return wins / id.length / ood.length;
}

/** FPR at 95 % TPR: the share of OOD scores at or above the largest threshold that keeps at least 95 % of ID scores. @throws as `auroc`. */
export function fpr95(idScores: ArrayLike<number>, oodScores: ArrayLike<number>): number {
  const id = sortedScores(idScores, 'ID');
  const ood = sortedScores(oodScores, 'OOD');
  const threshold = id[id.length - Math.ceil(0.95 * id.length - 1e-9)];
  return (ood.length - countBelow(ood, threshold)) / ood.length;
}

function sortedScores(scores: ArrayLike<number>, side: string): Float64Array {
  const sorted = Float64Array.from(scores).sort();
  if (sorted.length === 0) throw new RangeError(`There is no ${side} score to compare.`);
  if (sorted.some(Number.isNaN)) throw new RangeError(`An ${side} score is not a number.`);
  return sorted;
}

function countBelow(sorted: Float64Array, value: number): number {
  return partition(sorted, (entry) => entry < value);
}

function countAtMost(sorted: Float64Array, value: number): number {
  return partition(sorted, (entry) => entry <= value);
}

/** How many entries at the start satisfy `holds`, by bisection. */
function partition(sorted: Float64Array, holds: (entry: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
