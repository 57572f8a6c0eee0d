import { describe, expect, it } from 'vitest';
import { doubtfulLabels, labelDisagreement, labelReader } from './labelDisagreement';

describe('labels against scores', () => {
  it('is the best score less that of the label', () => {
    expect(labelDisagreement(0, [0.25, 0.75])).toBe(0.5);
    expect(labelDisagreement(1, Float32Array.of(0.25, 0.75))).toBe(0);
    expect(labelDisagreement(null, [0.25, 0.75])).toBeNull();
  });

  it('knows a class by another spelling, and says nothing of a label that is no class', () => {
    const read = labelReader(['cat', 'couch']);
    expect([read('Cat'), read('sofa'), read('bird'), read('toString'), read(null)]).toEqual([
      0,
      1,
      null,
      null,
      null,
    ]);
  });

  it('lists the labels another class outscores, most doubtful first', () => {
    const slightly = { label: 'cat', disagreement: 0.25 };
    const clearly = { label: 'cat', disagreement: 0.5 };
    const agreeing = { label: 'dog', disagreement: 0 };
    const outside = { label: 'bird', disagreement: null };
    const unlabelled = { label: null, disagreement: null };
    expect(doubtfulLabels([agreeing, slightly, unlabelled, outside, clearly])).toEqual([clearly, slightly]);
  });
});
