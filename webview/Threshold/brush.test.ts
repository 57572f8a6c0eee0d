import { expect, it } from 'vitest';
import { histogramScale } from '../charts/histogram';
import { brushedRange, steppedScore } from './brush';

const scale = histogramScale(
  { low: 0.1, high: 0.4, minimum: 0, maximum: 0.5 },
  { width: 18 + 54 * 5, height: 96 },
);

it('reads the range between two places in either direction, in three decimals', () => {
  const [from, to] = [scale.toX(0.2004), scale.toX(0.3)];
  expect(brushedRange(scale, from, to)).toEqual({ least: 0.2, most: 0.3 });
  expect(brushedRange(scale, to, from)).toEqual({ least: 0.2, most: 0.3 });
});

it('reaches to the ends of the axis and no farther', () => {
  expect(brushedRange(scale, -50, 9000)).toEqual({ least: 0, most: 0.5 });
});

it('steps by keys, between the ends', () => {
  const ends = { least: 0.1, most: 0.3 };
  expect(steppedScore('ArrowRight', 0.2, ends)).toBe(0.201);
  expect(steppedScore('PageDown', 0.2, ends)).toBe(0.19);
  expect(steppedScore('PageDown', 0.105, ends)).toBe(0.1);
  expect(steppedScore('PageUp', 0.295, ends)).toBe(0.3);
  expect(steppedScore('Home', 0.2, ends)).toBe(0.1);
  expect(steppedScore('End', 0.2, ends)).toBe(0.3);
  expect(steppedScore('Tab', 0.2, ends)).toBeNull();
});
