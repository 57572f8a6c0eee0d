import { describe, expect, it } from 'vitest';
import type { LabelledObject } from '../tuning/shots';
import { bestForm, splitsOf, type Split } from './chosenForm';

/** @param counts how many objects each label has. */
function objectsOf(counts: Record<number, number>): LabelledObject[] {
  return Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, place) => ({ picture: `${label}.jpg`, place, label: Number(label) })),
  );
}

describe('what a form of the score is chosen on', () => {
  it('is the class list against labels outside of it, where there are enough', () => {
    const splits = splitsOf(objectsOf({ [-1]: 25, 0: 150, 3: 10 }));
    expect(splits).toHaveLength(1);
    expect(splits[0].classes).toEqual([0, 3]);
    expect(splits[0].inside).toHaveLength(100);
    expect(splits[0].inside.every(({ label }) => label >= 0)).toBe(true);
    expect(splits[0].outside.map(({ label }) => label)).toEqual(Array(25).fill(-1));
  });

  it('is else every second class against the rest, both ways', () => {
    const splits = splitsOf(objectsOf({ [-1]: 5, 0: 10, 1: 9, 2: 10, 4: 9, 5: 10, 7: 9 }));
    expect(splits.map(({ classes }) => classes)).toEqual([
      [0, 2, 5],
      [1, 4, 7],
    ]);
    expect(splits[0].inside).toEqual(splits[1].outside);
    expect(splits[1].inside).toHaveLength(27);
  });

  it.each([
    ['no labels', {}],
    ['few of one side', { [-1]: 60, 0: 10 }],
    ['few classes, none outside', { 0: 50, 1: 50, 2: 50, 3: 50, 4: 50 }],
  ])('is nothing with %s', (_, counts) => {
    expect(splitsOf(objectsOf(counts))).toEqual([]);
  });
});

describe('the form that is chosen', () => {
  const forms = [{ kind: 'softmax', temperature: 0.03 }, { kind: 'max' }] as const;
  const inside = objectsOf({ 0: 20 });
  const outside = objectsOf({ [-1]: 20 });
  const splits: Split[] = [{ classes: [0], inside, outside }];
  /** @param gaps by how much objects of the classes are above others, a form. */
  const scoresWith = (...gaps: number[]): Map<LabelledObject, number[]> =>
    new Map([
      ...inside.map((object, at) => [object, gaps.map((gap) => at + gap)] as const),
      ...outside.map((object, at) => [object, gaps.map(() => at)] as const),
    ]);

  it('parts best, and is said with the figures', () => {
    // 20 ranks apart nothing is beside another: 100 %; level, half of the pairs are right.
    expect(bestForm(forms, splits, scoresWith(0, 20))).toEqual({
      form: { kind: 'max' },
      said: 'score form chosen on 40 labelled objects by AUROC (softmax at 0.03 50.0 %, largest alignment 100.0 %)',
    });
    expect(bestForm(forms, splits, scoresWith(20, 0))?.form).toEqual(forms[0]);
  });

  it('is the first where both are level', () => {
    expect(bestForm(forms, splits, scoresWith(3, 3))?.form).toEqual(forms[0]);
  });

  it('is none where too few photos could be read', () => {
    const some = [...scoresWith(1, 2)].slice(5);
    expect(bestForm(forms, splits, new Map(some))).toBeNull();
  });
});
