import { describe, expect, it } from 'vitest';
import { drawShots, type LabelledObject } from './shots';

/** `counts[label]` objects of each class, three a picture; `outside` more of no class. */
function objects(counts: readonly number[], outside = 0): LabelledObject[] {
  const labels = [
    ...counts.flatMap((count, label) => new Array<number>(count).fill(label)),
    ...new Array<number>(outside).fill(-1),
  ];
  return labels.map((label, at) => ({ picture: `${Math.floor(at / 3)}.jpg`, place: at % 3, label }));
}

const count = (list: readonly LabelledObject[], wanted: number): number =>
  list.filter(({ label }) => label === wanted).length;

describe('drawing shots', () => {
  it('never judges by what it tunes on, nor draws anything twice', () => {
    const { training, heldOut, outside } = drawShots(objects([40, 30, 12, 2], 60), 4, 10, 1);
    const all = [...training, ...heldOut, ...outside];
    expect(new Set(all).size).toBe(all.length);
  });

  it('takes as many as asked where there are enough, and keeps a fifth aside where not', () => {
    const { training, heldOut, available } = drawShots(objects([40, 10, 2, 1, 0]), 5, 10, 1);
    expect(available).toEqual([40, 10, 2, 1, 0]);
    expect([0, 1, 2, 3, 4].map((label) => count(training, label))).toEqual([10, 8, 1, 1, 0]);
    // Half of ten for each of the four classes that have any.
    expect(heldOut).toHaveLength(20);
    expect([2, 3, 4].map((label) => count(heldOut, label))).toEqual([1, 0, 0]);
  });

  it('judges by classes as often as the folder has them, by each at least once', () => {
    const { heldOut } = drawShots(objects([600, 60, 11]), 3, 10, 1);
    expect(heldOut).toHaveLength(15);
    expect(count(heldOut, 2)).toBe(1);
    expect(count(heldOut, 0)).toBeGreaterThan(8);
    expect(count(heldOut, 1)).toBeGreaterThan(0);
  });

  it('judges by other pictures where there are such', () => {
    const { training, heldOut } = drawShots(objects([90, 90]), 2, 5, 3);
    const tunedOn = new Set(training.map(({ picture }) => picture));
    expect(heldOut.every(({ picture }) => !tunedOn.has(picture))).toBe(true);
  });

  it('draws the same with the same seed, other objects with another', () => {
    const all = objects([40, 40]);
    expect(drawShots(all, 2, 10, 1)).toEqual(drawShots(all, 2, 10, 1));
    expect(drawShots(all, 2, 10, 1).training).not.toEqual(drawShots(all, 2, 10, 2).training);
  });
});
