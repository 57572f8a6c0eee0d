import { describe, expect, it } from 'vitest';
import { offeredTruePositiveRates, percentOfRate, rateOfPercent } from './truePositiveRate';

describe('a true-positive rate in percent', () => {
  it.each([
    [95, 0.95],
    [97.5, 0.975],
    [100, 1],
    [0.01, 0.0001],
  ])('%d is %d', (percent, rate) => expect(rateOfPercent(percent)).toBe(rate));

  it.each([0, -1, 100.001, NaN, Infinity])('%d is none', (percent) =>
    expect(rateOfPercent(percent)).toBeNull(),
  );

  it('is told as it was typed', () => {
    for (const percent of [7, 14, 28, 55, 57, 58, 97.5, 99.9, 100])
      expect(percentOfRate(rateOfPercent(percent)!)).toBe(percent);
    expect(offeredTruePositiveRates.map(percentOfRate)).toEqual([90, 95, 99]);
  });
});
