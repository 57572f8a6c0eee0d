import { describe, expect, it } from 'vitest';
import { auroc, fpr95 } from './metrics';

const steps = (start: number, count: number): number[] => Array.from({ length: count }, (_, k) => start + k);

describe('AUROC and FPR95, ID positive', () => {
  it.each([
    ['spread', steps(10.5, 20), steps(0, 30), 0.68333, 0.6],
    ['tied', steps(10, 15), [0, 0, 0, 0, 0, 10, 10, 10, 9, 9], 0.99, 0.3],
    ['all tied', new Array<number>(10).fill(1), new Array<number>(10).fill(1), 0.5, 1],
  ])('%s', (_name, id, ood, expectedAuroc, expectedFpr) => {
    expect(auroc(id, ood)).toBeCloseTo(expectedAuroc, 5);
    expect(fpr95(id, ood)).toBeCloseTo(expectedFpr, 9);
  });

  it('refuses one side alone, and scores that are no numbers', () => {
    expect(() => auroc([], [1])).toThrow('no ID score');
    expect(() => fpr95([1], [])).toThrow('no OOD score');
    expect(() => auroc([NaN], [1])).toThrow('not a number');
  });
});
