import { describe, expect, it } from 'vitest';
import { seededRandom } from '../pipeline/seededRandom';
import { detectionFigures, RankedScores } from './metrics';
import references from './metrics.reference.json';

const steps = (start: number, count: number): number[] => Array.from({ length: count }, (_, k) => start + k);

describe('AUROC and FPR95, ID positive', () => {
  it.each([
    ['spread', steps(10.5, 20), steps(0, 30), 0.68333, 0.6],
    ['tied', steps(10, 15), [0, 0, 0, 0, 0, 10, 10, 10, 9, 9], 0.99, 0.3],
    ['all tied', new Array<number>(10).fill(1), new Array<number>(10).fill(1), 0.5, 1],
  ])('%s', (_name, id, ood, expectedAuroc, expectedFpr) => {
    const { auroc, fpr95 } = detectionFigures(id, ood);
    expect(auroc).toBeCloseTo(expectedAuroc, 5);
    expect(fpr95).toBeCloseTo(expectedFpr, 9);
  });

  it('refuses one side alone, and scores that are no numbers', () => {
    expect(() => detectionFigures([], [1])).toThrow('no ID score');
    expect(() => detectionFigures([1], [])).toThrow('no OOD score');
    expect(() => detectionFigures([NaN], [1])).toThrow('not a number');
  });
});

describe('against scikit-learn, on random scores with ties', () => {
  // The scores are drawn here and in the script that made the reference, from the same generator.
  it.each(references.cases)('seed $seed, $id ID and $ood OOD', ({ seed, id, ood, levels, ...expected }) => {
    const random = seededRandom(seed);
    const draw = (count: number, shift: number): number[] =>
      Array.from({ length: count }, () => Math.floor(levels * (random() + shift)) / levels);
    const figures = detectionFigures(draw(id, 0.25), draw(ood, 0));
    expect(Math.abs(figures.auroc - expected.auroc)).toBeLessThan(1e-9);
    expect(Math.abs(figures.auprIn - expected.auprIn)).toBeLessThan(1e-9);
    expect(Math.abs(figures.auprOut - expected.auprOut)).toBeLessThan(1e-9);
  });
});

describe('weights and the curve', () => {
  it('an object that counts twice is the same as two of them', () => {
    const weighted = new RankedScores([3, 2, 1], [2, 0]).figures([2, 0, 1, 1, 2]);
    expect(weighted).toEqual(detectionFigures([3, 3, 1], [2, 0, 0]));
  });

  it('the ROC curve runs from nothing to everything and holds the area', () => {
    const ranked = new RankedScores([3, 2, 1, 1], [2, 1, 0]);
    const curve = ranked.rocCurve();
    let area = 0;
    for (let at = 1; at < curve.length; at++)
      area +=
        ((curve[at].falsePositiveRate - curve[at - 1].falsePositiveRate) *
          (curve[at].truePositiveRate + curve[at - 1].truePositiveRate)) /
        2;
    expect(curve[curve.length - 1]).toMatchObject({ truePositiveRate: 1, falsePositiveRate: 1 });
    expect(area).toBeCloseTo(ranked.figures()!.auroc, 12);
  });
});
