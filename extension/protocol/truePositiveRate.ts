import * as z from 'zod/mini';

/** The share of labelled ID objects that a calibrated δ keeps, in (0, 1]. */
export const truePositiveRateSchema = z.number().check(z.gt(0), z.lte(1));

/** δ is calibrated at this unless another rate is chosen. */
export const usualTruePositiveRate = 0.95;

/** Those that are offered at a press; any other can be typed. */
export const offeredTruePositiveRates: readonly number[] = [0.9, 0.95, 0.99];

/** A rate that was said in percent: 97.5 is 0.975. Null where it is none: it lies above 0, and at 100 at most. */
export function rateOfPercent(percent: number): number | null {
  const rate = percent / 100;
  return truePositiveRateSchema.safeParse(rate).success ? rate : null;
}

/** A rate in percent, without the digits that a share has in floating point: 0.07 is 7, not 7.000000000000001. */
export function percentOfRate(rate: number): number {
  return Number((100 * rate).toPrecision(12));
}
