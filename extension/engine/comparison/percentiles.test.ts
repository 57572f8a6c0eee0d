import { describe, expect, it } from 'vitest';
import { compareRanks } from './percentiles';

describe('objects of two scans by rank', () => {
  it('stand at their percentiles, whatever range the scores of each scan have', () => {
    const { percentiles } = compareRanks([0.1, 0.2, 0.3, 0.4, 0.5], [90, 20, 30, 40, -10]);
    expect([...percentiles.here]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...percentiles.there]).toEqual([1, 0.25, 0.5, 0.75, 0]);
  });

  it('share a percentile where they score the same', () => {
    const { percentiles, rankCorrelation } = compareRanks([1, 2, 2, 3, 4], [0.25, 0.5, 0.5, 0.75, 0.8]);
    expect([...percentiles.here]).toEqual([0, 0.375, 0.375, 0.75, 1]);
    expect(percentiles.there).toEqual(percentiles.here);
    expect(rankCorrelation).toBeCloseTo(1, 12);
  });

  it('have no correlation where there is one alone, or where a scan scores all alike', () => {
    const none = new Float64Array();
    expect(compareRanks([], [])).toEqual({ percentiles: { here: none, there: none }, rankCorrelation: null });
    expect(compareRanks([1], [2]).rankCorrelation).toBeNull();
    expect(compareRanks([1, 1], [1, 2]).rankCorrelation).toBeNull();
  });
});
