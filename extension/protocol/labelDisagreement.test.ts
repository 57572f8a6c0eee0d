import { describe, expect, it } from 'vitest';
import { doubtfulLabels, labelDisagreement } from './labelDisagreement';

const classScores = { cat: 0.25, dog: 0.75 };

describe('labels against scores', () => {
  it('is the best score less that of the label', () => {
    expect(labelDisagreement('cat', classScores)).toBe(0.5);
    expect(labelDisagreement('dog', classScores)).toBe(0);
  });

  it('says nothing without a label, or for a label that is no class', () => {
    expect(labelDisagreement(null, classScores)).toBeNull();
    expect(labelDisagreement('bird', classScores)).toBeNull();
    expect(labelDisagreement('toString', classScores)).toBeNull();
  });

  it('lists the labels another class outscores, most doubtful first', () => {
    const slightly = { label: 'cat', classScores: { cat: 0.5, dog: 0.75 } };
    const clearly = { label: 'cat', classScores };
    const agreeing = { label: 'dog', classScores };
    const unlabelled = { label: null, classScores };
    expect(doubtfulLabels([agreeing, slightly, unlabelled, clearly])).toEqual([
      { ...clearly, disagreement: 0.5 },
      { ...slightly, disagreement: 0.25 },
    ]);
  });
});
