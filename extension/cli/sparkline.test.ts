import { expect, it } from 'vitest';
import { sparkline } from './sparkline';

it('draws the lowest value as the lowest bar and the highest as the highest', () => {
  expect(sparkline([7, 0, 3.5, 1])).toBe('█▁▅▂');
});

it('draws what does not change at the bottom', () => {
  expect(sparkline([2, 2])).toBe('▁▁');
  expect(sparkline([])).toBe('');
});
