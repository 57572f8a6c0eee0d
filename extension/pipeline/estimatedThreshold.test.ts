import { describe, expect, it } from 'vitest';
import { estimateThreshold } from './estimatedThreshold';

/** Numbers of a normal distribution, the same every time. */
function normal(count: number, mean: number, deviation: number, seed = 1): number[] {
  let state = seed;
  const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  return Array.from(
    { length: count },
    () => mean + deviation * Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()),
  );
}

describe('a threshold from scores alone', () => {
  it('lies in the gap between two groups', () => {
    const scores = [...normal(200, 0.8, 0.05), ...normal(40, 0.3, 0.05, 7)];
    const { value, below, form } = estimateThreshold(scores)!;
    expect(form).toBe('gap');
    expect(below).toBe(40);
    expect(value).toBeGreaterThan(0.4);
    expect(value).toBeLessThan(0.7);
  });

  it('cuts a tenth off where there is one group, however wide', () => {
    for (const scores of [
      normal(500, 0.5, 0.1),
      normal(500, 0.16, 0.02, 5),
      Array.from({ length: 500 }, (_, k) => k / 500),
    ]) {
      const { below, form } = estimateThreshold(scores)!;
      expect(form).toBe('lowest');
      expect(below).toBe(50);
    }
  });

  it('never takes the larger of two groups for outliers', () => {
    const scores = [...normal(40, 0.8, 0.05), ...normal(200, 0.3, 0.05, 7)];
    expect(estimateThreshold(scores)).toMatchObject({ form: 'lowest', below: 24 });
  });

  it('does not depend on order, and moves with the scores', () => {
    const scores = normal(300, 0.5, 0.1);
    const { value } = estimateThreshold(scores)!;
    expect(estimateThreshold([...scores].reverse())!.value).toBe(value);
    expect(estimateThreshold(scores.map((score) => 2 * score + 1))!.value).toBeCloseTo(2 * value + 1, 9);
  });

  it('needs twenty scores that differ', () => {
    expect(estimateThreshold(normal(19, 0.5, 0.1))).toBeNull();
    expect(estimateThreshold(normal(20, 0.5, 0.1))).toMatchObject({ form: 'lowest', below: 2 });
    expect(estimateThreshold(new Array<number>(50).fill(0.5))).toBeNull();
  });

  it('takes many ties', () => {
    const scores = [...new Array<number>(80).fill(1), ...new Array<number>(20).fill(0)];
    expect(estimateThreshold(scores)).toMatchObject({ form: 'gap', below: 20 });
  });
});
