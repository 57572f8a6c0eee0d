import { describe, expect, it } from 'vitest';
import { calibrateThreshold, thresholdAtTruePositiveRate } from './threshold';

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
    expect(calibrateThreshold(scores(19))).toBeNull();
    expect(calibrateThreshold(scores(20))).not.toBeNull();
  });

  it('tells its range, the same every time, and around the value', () => {
    const first = calibrateThreshold(scores(200))!;
    expect(first).toEqual(calibrateThreshold(scores(200)));
    expect(first.value).toBeCloseTo(0.05, 9);
    expect(first.truePositiveRate).toBeCloseTo(0.95, 9);
    expect(first.range[0]).toBeLessThanOrEqual(first.value);
    expect(first.range[1]).toBeGreaterThanOrEqual(first.value);
    expect(first.pictures).toBe(10);
  });
});
