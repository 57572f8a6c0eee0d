import { describe, expect, it } from 'vitest';
import { multiplyTransposed } from '../pipeline/vectors';
import { alikeGroups, largestCell } from './alikeGroups';
import { averageLinkage } from './averageLinkage';
import { drawnDirections } from './drawnDirections.fixture';
import { highestThreshold, likenessShare, likenessThreshold } from './likenessThreshold';
import { singles } from './membership';
import { measured, unitMeans, type Directions } from './unitMeans';

const work = { products: multiplyTransposed, pause: () => Promise.resolve() };

/** Every pair at once. */
function withoutCells(drawn: Directions): Uint32Array {
  const directions = measured(drawn);
  const objects = directions.lengths.length;
  const unit = unitMeans(
    directions,
    singles(objects),
    Uint32Array.from({ length: objects }, (_, at) => at),
  );
  const similarities = multiplyTransposed(unit, unit, directions.width);
  return averageLinkage(similarities, new Array<number>(objects).fill(1), likenessThreshold(directions));
}

/** The share of pairs in one group by `one` that `other` puts in one group as well. */
function pairsKept(one: Uint32Array, other: Uint32Array): number {
  let pairs = 0;
  let kept = 0;
  for (let a = 0; a < one.length; a++)
    for (let b = 0; b < a; b++) {
      if (one[a] !== one[b]) continue;
      pairs++;
      if (other[a] === other[b]) kept++;
    }
  return kept / pairs;
}

const sizes = (groups: Uint32Array): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
};

describe('groups of alike objects', () => {
  it('are those of average linkage over all pairs where there are few', async () => {
    const directions = drawnDirections(300, 60);
    const groups = await alikeGroups(directions, work);
    const reference = withoutCells(directions);
    expect(pairsKept(groups, reference)).toBe(1);
    expect(pairsKept(reference, groups)).toBe(1);
    expect(sizes(groups).size).toBe(60);
  });

  it('are nearly those where there are more than fit in a cell, and the same each time', async () => {
    const directions = drawnDirections(2 * largestCell + 300, 150);
    const groups = await alikeGroups(directions, work);
    const reference = withoutCells(directions);
    expect(pairsKept(reference, groups)).toBeGreaterThan(0.98);
    expect(pairsKept(groups, reference)).toBeGreaterThan(0.98);
    expect(pairsKept(groups, directions.centreOf)).toBeGreaterThan(0.98);
    expect(await alikeGroups(directions, work)).toEqual(groups);
  });

  it('are stood for by the member of theirs that is nearest to their middle', async () => {
    const angles = [0, 0.1, 0.04, 1.5, 0.05, 0.2];
    const values = Int8Array.from(angles.flatMap((angle) => [127 * Math.cos(angle), 127 * Math.sin(angle)]));
    // The mean of 0, .1, .04, .05 and .2 is .078, and .1 is nearest.
    expect([...(await alikeGroups({ values, width: 2 }, work))]).toEqual([1, 1, 1, 3, 1, 1]);
  });

  it('hold identical objects together, also where a scan has nothing else', async () => {
    const same = drawnDirections(5, 1, { spread: 0 });
    expect([...(await alikeGroups(same, work))]).toEqual([0, 0, 0, 0, 0]);
    const many = drawnDirections(3 * largestCell, 1, { spread: 0, width: 8 });
    expect(sizes(await alikeGroups(many, work)).size).toBe(1);
  });

  it('are none of no object, and one of one', async () => {
    expect((await alikeGroups({ values: new Int8Array(), width: 0 }, work)).length).toBe(0);
    expect([...(await alikeGroups({ values: Int8Array.of(3, 4), width: 2 }, work))]).toEqual([0]);
  });
});

describe('the threshold of likeness', () => {
  it('lies so far from the mean cosine of two objects to 1, and is never above its limit', () => {
    const directions = measured(drawnDirections(200, 40));
    const unit = unitMeans(
      directions,
      singles(200),
      Uint32Array.from({ length: 200 }, (_, at) => at),
    );
    const cosines = multiplyTransposed(unit, unit, directions.width);
    let sum = 0;
    for (let a = 0; a < 200; a++) for (let b = 0; b < a; b++) sum += cosines[a * 200 + b];
    const mean = sum / (100 * 199);
    expect(likenessThreshold(directions)).toBeCloseTo(mean + likenessShare * (1 - mean), 5);
    expect(likenessThreshold(measured(drawnDirections(50, 1, { spread: 0.01 })))).toBe(highestThreshold);
    expect(likenessThreshold(measured({ values: Int8Array.of(1, 2), width: 2 }))).toBe(highestThreshold);
  });
});
