import { describe, expect, it } from 'vitest';
import { seededRandom } from '../pipeline/seededRandom';
import { compareMethods, type Method, type ScoredSet } from './comparison';
import { detectionFigures } from './metrics';

const methods: Method[] = [
  { id: 'poor', name: 'poor', group: 'baseline' },
  { id: 'fair', name: 'fair', group: 'baseline' },
  { id: 'tuned', name: 'tuned', group: 'tuned' },
];
const random = seededRandom(7);
const objects = 200;

/** Ten objects a picture; `lift` is what sets ID apart. */
function drawSet(name: string, lift: Record<string, number[]>): ScoredSet {
  return {
    name,
    pictures: Array.from({ length: objects }, (_, at) => `${name}-${Math.floor(at / 10)}`),
    scores: new Map(
      Object.entries(lift).map(([id, seeds]) => [
        id,
        seeds.map((shift) => Float64Array.from({ length: objects }, () => random() + shift)),
      ]),
    ),
  };
}

const id = drawSet('id', { poor: [0.1], fair: [0.3], tuned: [0.6, 0.5] });
const ood = ['a', 'b'].map((name) => drawSet(name, { poor: [0], fair: [0], tuned: [0, 0] }));
const accuracies = new Map([['tuned', [0.9, 0.8]]]);
const comparison = compareMethods(methods, id, ood, accuracies, 200);
const row = (name: string) => comparison.methods.find(({ method }) => method.id === name)!;

describe('comparing methods', () => {
  it('gives each set its own figures, and their mean as the average', () => {
    const expected = ood.map(
      (set) => detectionFigures(id.scores.get('fair')![0], set.scores.get('fair')![0]).auroc,
    );
    expect(row('fair').sets.map(({ figures }) => figures.auroc.mean)).toEqual(expected);
    expect(row('fair').average.figures.auroc.mean).toBeCloseTo((expected[0] + expected[1]) / 2, 12);
  });

  it('spreads over seeds, and only there', () => {
    expect(row('tuned').seeds).toBe(2);
    expect(row('tuned').average.figures.auroc.deviation).toBeGreaterThan(0);
    const { mean, deviation } = row('tuned').accuracy!;
    expect(mean).toBeCloseTo(0.85, 12);
    expect(deviation).toBeCloseTo(0.0707, 3);
    expect(row('fair').average.figures.auroc.deviation).toBeNull();
  });

  it('every interval holds its figure', () => {
    for (const { average } of comparison.methods)
      for (const figure of ['auroc', 'fpr95', 'auprIn', 'auprOut'] as const) {
        const [low, high] = average.intervals[figure];
        expect(low).toBeLessThanOrEqual(average.figures[figure].mean);
        expect(high).toBeGreaterThanOrEqual(average.figures[figure].mean);
        expect(high - low).toBeGreaterThan(0);
      }
  });

  it('compares with the best baseline, draw by draw', () => {
    expect(row('fair').average.difference).toBeNull();
    const { to, mean, interval } = row('tuned').average.difference!;
    expect(to).toBe('fair');
    expect(mean).toBeGreaterThan(0);
    expect(interval[0]).toBeGreaterThan(0);
    // Paired draws: narrower than the two intervals together.
    const width = ([low, high]: readonly [number, number]): number => high - low;
    expect(width(interval)).toBeLessThan(
      width(row('tuned').average.intervals.auroc) + width(row('fair').average.intervals.auroc),
    );
  });
});

describe('over several sets', () => {
  it('the average spreads as far as the ID pictures that all of them share', () => {
    // All that is drawn anew is which ID objects count: of each set every object scores the same.
    const shared: ScoredSet = { ...id, scores: new Map([['fair', id.scores.get('fair')!]]) };
    const flat = [40, 300].map((size) => ({
      name: `${size}`,
      pictures: Array.from({ length: size }, (_, at) => `${size}-${at}`),
      scores: new Map([['fair', [new Float64Array(size).fill(0.8)]]]),
    }));
    const [{ sets, average }] = compareMethods([methods[1]], shared, flat, new Map(), 200).methods;
    expect(average.intervals.auroc).toEqual(sets[0].intervals.auroc);
    expect(sets[1].intervals.auroc).toEqual(sets[0].intervals.auroc);
    expect(average.intervals.auroc[1] - average.intervals.auroc[0]).toBeGreaterThan(0.02);
  });

  it('parts are compared with the whole that they name, whatever scores best', () => {
    const forms: Method[] = [
      { id: 'poor', name: 'the whole', group: 'trainingFree' },
      { id: 'tuned', name: 'another form', group: 'trainingFree' },
      { id: 'fair', name: 'a part less', group: 'ablation', reference: 'poor' },
    ];
    const part = compareMethods(forms, id, [ood[0]], new Map(), 50).methods[2];
    expect(part.average.difference?.to).toBe('poor');
  });
});
