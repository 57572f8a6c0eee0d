import { describe, expect, it } from 'vitest';
import { seededRandom } from './seededRandom';
import {
  calibrateThreshold,
  classThresholds,
  expectedFlaggedShare,
  keptShare,
  thresholdAtTruePositiveRate,
} from './threshold';

const scores = (count: number) =>
  Array.from({ length: count }, (_, k) => ({ score: k / count, picture: `photo ${k % 10}` }));

describe('the threshold at a true-positive rate', () => {
  it('is the largest that keeps the share', () => {
    expect(thresholdAtTruePositiveRate([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(2);
    expect(thresholdAtTruePositiveRate([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.91)).toBe(1);
    // 20 objects at .95: one may be lost, though .95 · 20 is a little more than 19 in floating point.
    expect(
      thresholdAtTruePositiveRate(
        Array.from({ length: 20 }, (_, k) => k),
        0.95,
      ),
    ).toBe(1);
  });

  it('keeps ties together', () => {
    expect(thresholdAtTruePositiveRate([3, 3, 3, 3, 5], 0.6)).toBe(3);
  });

  it('refuses what cannot be calibrated', () => {
    expect(() => thresholdAtTruePositiveRate([], 0.95)).toThrow(RangeError);
    expect(() => thresholdAtTruePositiveRate([1, NaN], 0.95)).toThrow('not a number');
    expect(() => thresholdAtTruePositiveRate([1], 1.5)).toThrow('(0, 1]');
  });

  it('needs twenty objects', () => {
    expect(calibrateThreshold(scores(19), 0.95)).toBeNull();
    expect(calibrateThreshold(scores(20), 0.95)).not.toBeNull();
  });

  it('tells its range, the same every time, and around the value', () => {
    const first = calibrateThreshold(scores(200), 0.95)!;
    expect(first).toEqual(calibrateThreshold(scores(200), 0.95));
    expect(first.value).toBeCloseTo(0.05, 9);
    expect(first.truePositiveRate).toBeCloseTo(0.95, 9);
    expect(first.range[0]).toBeLessThanOrEqual(first.value);
    expect(first.range[1]).toBeGreaterThanOrEqual(first.value);
    expect(first.pictures).toBe(10);
  });
});

describe('a threshold per class', () => {
  const objectsOf = (predictedClass: number, count: number, from: number) =>
    Array.from({ length: count }, (_, k) => ({ score: from + k / 1000, predictedClass }));

  it('is found where a class has thirty objects, at the same rate, by predicted class', () => {
    const objects = [...objectsOf(4, 40, 0.3), ...objectsOf(2, 30, 0.1), ...objectsOf(7, 29, 0.6)];
    const found = classThresholds(objects, 0.25, 0.95);
    expect(found.map(({ predictedClass, objects }) => [predictedClass, objects])).toEqual([
      [2, 30],
      [4, 40],
    ]);
    // 29 of 30 and 38 of 40 are kept: the second lowest, and the third.
    expect(found[0].offset).toBeCloseTo(0.101 - 0.25, 5);
    expect(found[1].offset).toBeCloseTo(0.302 - 0.25, 5);
    expect(keptShare(objects, 0.25, found)).toBe((29 + 38 + 29) / 99);
    expect(keptShare(objects, 0.25, [])).toBe((40 + 29) / 99);
  });

  it('keeps the object whose very score it is, in 64 bits and in 32', () => {
    for (let k = 0; k < 200; k++) {
      const own = Math.sin(k + 1);
      const common = Math.cos(3 * k);
      const [{ offset }] = classThresholds(
        Array.from({ length: 30 }, () => ({ score: own, predictedClass: 0 })),
        common,
        0.95,
      );
      expect(own).toBeGreaterThanOrEqual(common + offset);
      expect(Math.fround(Math.fround(own) - offset)).toBeGreaterThanOrEqual(Math.fround(common));
      expect(own - common - offset).toBeLessThan(3e-6);
    }
  });

  it('is there for no class when all are small', () => {
    expect(classThresholds(objectsOf(0, 29, 0.1), 0.2, 0.95)).toEqual([]);
  });
});

describe('the share of new objects that is expected below δ', () => {
  it('is what scores drawn anew give, more than what lies below among the few that were there', () => {
    const random = seededRandom(7);
    const draws = 4000;
    let flagged = 0;
    for (let draw = 0; draw < draws; draw++) {
      const delta = thresholdAtTruePositiveRate(Array.from({ length: 20 }, random), 0.95);
      flagged += delta; // of new scores from 0 to 1, that share lies below
    }
    expect(expectedFlaggedShare(20, 0.95)).toBeCloseTo(2 / 21, 12);
    expect(Math.abs(flagged / draws - 2 / 21)).toBeLessThan(0.004);
    expect(expectedFlaggedShare(20, 1)).toBeCloseTo(1 / 21, 12);
  });
});
