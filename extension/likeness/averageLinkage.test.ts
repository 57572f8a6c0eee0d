import { describe, expect, it } from 'vitest';
import { seededRandom } from '../pipeline/seededRandom';
import { averageLinkage } from './averageLinkage';

/** As it is defined: of all pairs of groups the most similar on average is joined, again and again. */
function byDefinition(similarities: Float32Array, sizes: readonly number[], threshold: number): string {
  const count = sizes.length;
  const groups = sizes.map((_, at) => [at]);
  const average = (one: readonly number[], other: readonly number[]): number => {
    let sum = 0;
    let pairs = 0;
    for (const a of one)
      for (const b of other) {
        sum += sizes[a] * sizes[b] * similarities[a * count + b];
        pairs += sizes[a] * sizes[b];
      }
    return sum / pairs;
  };
  for (;;) {
    let best: [number, number] | null = null;
    let most = threshold;
    for (let one = 0; one < groups.length; one++)
      for (let other = one + 1; other < groups.length; other++) {
        const similarity = average(groups[one], groups[other]);
        if (similarity < most) continue;
        most = similarity;
        best = [one, other];
      }
    if (!best) break;
    groups[best[0]].push(...groups[best[1]]);
    groups.splice(best[1], 1);
  }
  return described(groups);
}

function described(groups: readonly (readonly number[])[]): string {
  return groups
    .map((group) => [...group].sort((a, b) => a - b).join(' '))
    .sort()
    .join(', ');
}

function found(similarities: Float32Array, sizes: readonly number[], threshold: number): string {
  const lists = new Map<number, number[]>();
  averageLinkage(similarities.slice(), sizes, threshold).forEach((group, at) =>
    lists.set(group, [...(lists.get(group) ?? []), at]),
  );
  return described([...lists.values()]);
}

function drawn(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const similarities = new Float32Array(count * count);
  for (let a = 0; a < count; a++)
    for (let b = 0; b <= a; b++)
      similarities[a * count + b] = similarities[b * count + a] = a === b ? 1 : random();
  return similarities;
}

describe('average linkage', () => {
  it('joins what its definition joins, whatever the sizes to begin with', () => {
    let joined = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const similarities = drawn(24, seed);
      const sizes = Array.from({ length: 24 }, (_, at) => 1 + ((at * seed) % 5));
      for (const threshold of [0.5, 0.7, 0.9]) {
        const groups = found(similarities, sizes, threshold);
        expect(groups).toBe(byDefinition(similarities, sizes, threshold));
        joined += 24 - groups.split(', ').length;
      }
    }
    expect(joined).toBeGreaterThan(200);
  });

  it('joins nothing below its threshold, all at −1, and equals the same each time', () => {
    expect([...averageLinkage(drawn(5, 3), [1, 1, 1, 1, 1], 1.5)]).toEqual([0, 1, 2, 3, 4]);
    expect([...averageLinkage(drawn(5, 3), [1, 1, 1, 1, 1], -1)]).toEqual([0, 0, 0, 0, 0]);
    expect([...averageLinkage(new Float32Array(16).fill(0.9), [1, 1, 1, 1], 0.9 - 1e-6)]).toEqual([
      0, 0, 0, 0,
    ]);
    expect([...averageLinkage(new Float32Array(), [], 0.5)]).toEqual([]);
  });
});
