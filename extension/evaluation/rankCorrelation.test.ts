import { describe, expect, it } from 'vitest';
import { meanRanks, rankCorrelation } from './rankCorrelation';

describe('ranks', () => {
  it('begin at 0; equal values share the mean of theirs', () => {
    expect([...meanRanks([0.3, 0.1, 0.3, 0.2])]).toEqual([2.5, 0, 2.5, 1]);
  });

  it('tell the order alone: any rising function of the values has the same', () => {
    const values = [0.2, -1, 0.9, 0.4];
    expect(rankCorrelation(values, values.map(Math.exp))).toBe(1);
    expect(
      rankCorrelation(
        values,
        values.map((value) => -value),
      ),
    ).toBe(-1);
  });

  // 1 − 6 Σd² / (n (n² − 1)), without ties.
  it('correlate as Spearman wrote it', () => {
    expect(rankCorrelation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toBeCloseTo(1 - (6 * 4) / (5 * 24), 12);
  });

  it('say nothing of one pair, or of values that are all the same', () => {
    expect(rankCorrelation([1], [2])).toBeNaN();
    expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
  });
});
