import { describe, expect, it } from 'vitest';
import {
  axisStripHeight,
  binCount,
  binCounts,
  calibrationLine,
  histogramBars,
  histogramScale,
} from './histogram';
import { axisTicks, endBeyond, placeOnAxis, readableTicks, scoreAxis, shiftedAxis } from './scoreAxis';

const frame = { width: 560, height: 96 };
const even = Float32Array.from({ length: 1001 }, (_, index) => index / 1000);

describe('the axis of scores', () => {
  it('runs from the 0.5th to the 99.5th percentile with a small margin, and beyond to every score', () => {
    const axis = scoreAxis(even, 0.3);
    expect(axis.low).toBeCloseTo(0.005 - 0.0198, 4);
    expect(axis.high).toBeCloseTo(0.995 + 0.0198, 4);
    expect(axis.minimum).toBeLessThan(axis.low);
    expect(axis.maximum).toBeGreaterThan(axis.high);
    expect(placeOnAxis(axis, 0.5)).toBeCloseTo(0.5, 6);
    expect(placeOnAxis(axis, -4)).toBe(0);
  });

  it('reaches a δ that lies outside the scores', () => {
    expect(scoreAxis(even, 1.4).high).toBeGreaterThan(1.4);
    expect(scoreAxis([], 0.2)).toMatchObject({ low: 0, high: 1 });
  });

  it('has width when all scores are the same', () => {
    const axis = scoreAxis([0.3, 0.3, 0.3], 0.3);
    expect(axis.high).toBeGreaterThan(axis.low);
  });

  it('is marked at round numbers', () => {
    expect(axisTicks({ low: 0.09, high: 0.45, minimum: 0, maximum: 1 }, 5)).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(axisTicks({ low: -0.02, high: 1.02, minimum: -1, maximum: 2 }, 5)).toEqual([0, 0.5, 1]);
    expect(axisTicks({ low: 0.021, high: 0.0252, minimum: 0, maximum: 1 }, 5)).toEqual([
      0.021, 0.022, 0.023, 0.024, 0.025,
    ]);
  });
});

describe('a part of the screen with scores of its own', () => {
  const axis = { low: 0.105, high: 0.595, minimum: 0, maximum: 1 };

  it('says which scores lie beyond the axis', () => {
    expect([0.02, 0.105, 0.3, 0.595, 0.9].map((score) => endBeyond(axis, score))).toEqual([
      'low',
      null,
      null,
      null,
      'high',
    ]);
  });

  it('has the δ of a class where the common one stands', () => {
    const shifted = shiftedAxis(axis, 0.04);
    expect(placeOnAxis(shifted, 0.311)).toBeCloseTo(placeOnAxis(axis, 0.271), 9);
    expect(shiftedAxis(axis, 0)).toEqual(axis);
  });

  it('has two numbers or more, also where δ covers one', () => {
    const isCovered = (tick: number): boolean => Math.abs(tick - 0.2) < 0.03;
    expect(axisTicks(axis, 4).filter((tick) => !isCovered(tick))).toHaveLength(1);
    expect(readableTicks(axis, 4, isCovered).filter((tick) => !isCovered(tick)).length).toBeGreaterThan(1);
    expect(readableTicks(axis, 4, () => false)).toEqual(axisTicks(axis, 4));
    expect(readableTicks(axis, 4, () => true)).toEqual(axisTicks(axis, 4));
  });
});

describe('the histogram', () => {
  const axis = { low: 0.1, high: 0.62, minimum: 0, maximum: 1 };

  it('counts every object once, in 52 bins and the two ends', () => {
    const counts = binCounts(even, axis);
    expect(counts).toHaveLength(binCount + 2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(even.length);
    expect(counts[0]).toBe(100);
    expect(counts[binCount + 1]).toBeGreaterThanOrEqual(380);
  });

  it('draws heights by the square root of the count', () => {
    const scores = Float32Array.from([...Array<number>(100).fill(0.105), ...Array<number>(25).fill(0.205)]);
    const { all, dots } = histogramBars(scores, [], axis, frame);
    const baseline = frame.height - axisStripHeight;
    const heights = [...all.matchAll(/V([\d.]+)h/g)].map(([, top]) => baseline - Number(top));
    expect(dots).toEqual([]);
    expect(heights).toHaveLength(2);
    expect(heights[1] / heights[0]).toBeCloseTo(0.5, 2);
  });

  it('fills the reviewed share of a bar', () => {
    const scores = new Float32Array(40).fill(0.3);
    const { all, reviewed } = histogramBars(scores, scores.subarray(0, 10), axis, frame);
    const baseline = frame.height - axisStripHeight;
    const height = (path: string): number => baseline - Number(/V([\d.]+)h/.exec(path)?.[1]);
    expect(height(reviewed) / height(all)).toBeCloseTo(0.25, 2);
  });

  it('draws each of fewer than twenty objects by itself', () => {
    const { all, dots } = histogramBars(even.subarray(0, 19), [], axis, frame);
    expect(all).toBe('');
    expect(dots).toHaveLength(19);
  });

  it('finds the score under the pointer again', () => {
    const scale = histogramScale(axis, frame);
    for (const score of [0.02, 0.1, 0.271, 0.62, 0.9])
      expect(scale.toScore(scale.toX(score))).toBeCloseTo(score, 9);
    expect(scale.toScore(-50)).toBe(0);
    expect(scale.toScore(9999)).toBe(1);
  });

  it('draws the calibration objects as steps and nothing without them', () => {
    expect(calibrationLine([], axis, frame)).toBe('');
    const steps = calibrationLine([0.205, 0.205, 0.215], axis, frame);
    expect(steps.startsWith('M')).toBe(true);
    expect(steps.match(/H/g)).toHaveLength(2);
    expect(steps.endsWith(`V${frame.height - axisStripHeight}`)).toBe(true);
  });
});
