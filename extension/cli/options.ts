import { InvalidArgumentError } from 'commander';

export function parseThreads(text: string): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 0)
    throw new InvalidArgumentError('Expected a whole number, 0 for all processors.');
  return threads;
}

export function parseThreshold(text: string): number {
  const threshold = Number(text);
  if (text.trim() === '' || !Number.isFinite(threshold)) throw new InvalidArgumentError('Expected a number.');
  return threshold;
}
