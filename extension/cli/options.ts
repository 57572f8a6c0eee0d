import { InvalidArgumentError } from 'commander';
import { rateOfPercent } from '../protocol/truePositiveRate';

/** A path or a name; an empty one is mostly a shell variable that was not set. */
export function parsePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

export function parseThreads(text: string): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 0)
    throw new InvalidArgumentError('Expected a whole number, 0 for all processors.');
  return threads;
}

/** Scores are cosines or probabilities. */
export function parseThreshold(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const threshold = Number(text);
  if (text.trim() === '' || !(Math.abs(threshold) <= 1))
    throw new InvalidArgumentError('Expected a number from -1 to 1, or auto.');
  return threshold;
}

/** Percent as it is typed, as a share. */
export function parseTruePositiveRate(text: string): number {
  const rate = text.trim() === '' ? null : rateOfPercent(Number(text));
  if (rate === null)
    throw new InvalidArgumentError('Expected a percentage above 0 and up to 100, such as 99.');
  return rate;
}

/** A whole number of at least `least`. */
export function parseWhole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`Expected a whole number of ${least} or more.`);
    return value;
  };
}

/** Of `--shots`, by `usualShots`. */
export const shotsText =
  'labelled objects a class to tune on, 2 or more; default: 10, and 16 with 1,000 classes or more, as in the paper';
