/**
 * Agglomerative clustering by average linkage: the two groups whose members are most alike on average are joined, for as long as that
 * average is at least `threshold`. Nearest-neighbour chains find the same groups in O(n²), as the average is reducible.
 * Of equals the first is joined.
 *
 * @param similarities n × n, symmetric; between groups the average over their members. It is written over.
 * @param sizes how many members each of the n groups has to begin with.
 * @returns of each the number of the group it ends in: that of the first in it.
 */
export function averageLinkage(
  similarities: Float32Array,
  sizes: ArrayLike<number>,
  threshold: number,
): Uint32Array {
  const count = sizes.length;
  const weights = Float64Array.from(sizes);
  const groups = Uint32Array.from({ length: count }, (_, at) => at);
  const alive: number[] = [...groups.keys()];
  const chain: number[] = [];
  while (alive.length > 0) {
    if (chain.length === 0) chain.push(alive[0]);
    const last = chain[chain.length - 1];
    const before = chain.length > 1 ? chain[chain.length - 2] : -1;
    const nearest = nearestOf(last, before, similarities, alive, count);
    if (nearest < 0 || similarities[last * count + nearest] < threshold) {
      // No later join brings anything nearer to it.
      alive.splice(alive.indexOf(last), 1);
      chain.pop();
    } else if (nearest === before) {
      chain.length -= 2;
      join(Math.min(last, before), Math.max(last, before), similarities, weights, alive);
      for (let at = 0; at < count; at++)
        if (groups[at] === Math.max(last, before)) groups[at] = Math.min(last, before);
    } else chain.push(nearest);
  }
  return groups;
}

/** The most similar of the others; of equals the one before in the chain, so that it ends, else the first. */
function nearestOf(
  group: number,
  before: number,
  similarities: Float32Array,
  alive: readonly number[],
  count: number,
): number {
  let nearest = before;
  let most = before < 0 ? -Infinity : similarities[group * count + before];
  for (const other of alive) {
    if (other === group || similarities[group * count + other] <= most) continue;
    most = similarities[group * count + other];
    nearest = other;
  }
  return nearest;
}

/** Joins the second group to the first: what is similar to both is so by the average of their members. */
function join(
  one: number,
  other: number,
  similarities: Float32Array,
  weights: Float64Array,
  alive: number[],
): void {
  const count = weights.length;
  alive.splice(alive.indexOf(other), 1);
  const share = weights[one] / (weights[one] + weights[other]);
  weights[one] += weights[other];
  for (const third of alive) {
    if (third === one) continue;
    const mean =
      share * similarities[one * count + third] + (1 - share) * similarities[other * count + third];
    similarities[one * count + third] = mean;
    similarities[third * count + one] = mean;
  }
}
