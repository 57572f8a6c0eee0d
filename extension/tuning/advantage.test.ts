import { describe, expect, it } from 'vitest';
import { seededRandom } from '../pipeline/seededRandom';
import { crossFitAdvantage } from './advantage';
import { heldOutFigures, type HeldOutScores } from './heldOut';

const scores = (
  known: number[],
  strange: number[],
  against: HeldOutScores['against'] = 'outside',
): HeldOutScores => ({
  known: Float64Array.from(known),
  strange: Float64Array.from(strange),
  against,
  accuracy: 1,
});
const named = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, at) => `${name}-${at}`);

describe('what choosing the best of many looks gains', () => {
  const random = seededRandom(3);
  const noise = (shift = 0): number[] => Array.from({ length: 40 }, () => random() + shift);
  const pictures = { known: named(40, 'known'), outside: named(40, 'outside') };

  it('is all of the difference where a look tells everything apart', () => {
    const untuned = scores(noise(), noise());
    const { auroc } = { auroc: heldOutFigures(untuned).separation };
    const { mean, lead } = crossFitAdvantage([untuned, scores(noise(2), noise())], pictures);
    expect(lead).toBe(1);
    expect(mean).toBeCloseTo(1 - auroc, 1);
  });

  it('is nothing where a hundred looks are as good as the untuned one, though the best of them seems better', () => {
    const untuned = scores(noise(0.3), noise());
    const candidates = Array.from({ length: 100 }, () => scores(noise(0.3), noise()));
    const separation = (of: HeldOutScores): number => heldOutFigures(of).separation;
    const seeming = Math.max(...candidates.map(separation)) - separation(untuned);
    const spread = candidates.map((one) => separation(one) - separation(untuned));
    const average = spread.reduce((sum, gain) => sum + gain, 0) / spread.length;
    const { mean } = crossFitAdvantage([untuned, ...candidates], pictures);
    expect(seeming).toBeGreaterThan(average + 0.08);
    expect(Math.abs(mean - average)).toBeLessThan(0.04);
  });

  it('is no lead where nothing differs', () => {
    const untuned = scores(noise(), noise());
    expect(crossFitAdvantage([untuned, untuned], pictures)).toEqual({ mean: 0, range: [0, 0], lead: 0 });
  });

  it('keeps the objects of a picture together', () => {
    // Each look is right on one picture and wrong on the others: a half chooses that of one of its own, which fails on the other.
    const names = ['a', 'b', 'c', 'd'];
    const looks = names.map((_, right) =>
      scores(
        names.map((_, at) => (at === right ? 9 : 0)),
        names.map((_, at) => (at === right ? 0 : 1)),
      ),
    );
    const untuned = scores([1, 1, 1, 1], [1, 1, 1, 1]);
    const gain = crossFitAdvantage([untuned, ...looks], { known: names, outside: names });
    expect(gain).toEqual({ mean: -0.5, range: [-0.5, -0.5], lead: 0 });
  });

  it('is no lead where there are too few pictures to halve them', () => {
    const names = ['a', 'b', 'c'];
    const sure = scores([1, 1, 1], [0, 0, 0]);
    const { lead } = crossFitAdvantage([scores([0, 0, 0], [1, 1, 1]), sure], {
      known: names,
      outside: names,
    });
    expect(lead).toBe(0);
  });

  it('says nothing where one picture holds all', () => {
    const own = scores([1, 1], [0, 0], 'ownClassLeftOut');
    const { lead } = crossFitAdvantage([scores([0, 0], [1, 1], 'ownClassLeftOut'), own], {
      known: ['a', 'a'],
      outside: [],
    });
    expect(lead).toBe(0);
  });
});
