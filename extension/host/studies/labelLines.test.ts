import { describe, expect, it } from 'vitest';
import { english } from '../../protocol/localisation';
import { labelLines } from './labelLines';

const annotations = { format: 'COCO', source: '/photos/annotations/instances.json' };
const reviewed = {
  scanId: '1',
  classes: ['cat', 'dog'],
  identified: [
    { class: 'cat', objects: 5 },
    { class: 'dog', objects: 1203 },
  ],
  outside: 1,
};

describe('the choice of labels', () => {
  it('offers annotations, verdicts and both where there are both', () => {
    const lines = labelLines({ annotations, reviewed }, english);
    expect(lines.map(({ labels }) => labels)).toEqual([
      { boxes: 'annotations', reviewed: null },
      { boxes: 'annotations', reviewed: { scanId: '1' } },
      { boxes: null, reviewed: { scanId: '1' } },
      null,
    ]);
    expect(lines[0].description).toBe('COCO, instances.json');
    expect(lines[2].detail).toBe(
      '1,208 objects in distribution: cat 5, dog 1,203 · 1 object out of distribution',
    );
  });

  it('offers what lies elsewhere where the folder says nothing', () => {
    expect(labelLines({ annotations: null, reviewed: null }, english)).toMatchObject([{ labels: null }]);
  });
});
