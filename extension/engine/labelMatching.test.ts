import { describe, expect, it } from 'vitest';
import { matchLabels } from './labelMatching';

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

describe('labels of detected boxes', () => {
  it('gives each annotated box to the detection that overlaps it most', () => {
    const detections = [box(0, 0, 10, 10), box(1, 0, 10, 10)];
    const annotated = [{ box: box(1, 0, 10, 10), label: 'cat' }];
    expect(matchLabels(detections, annotated)).toEqual([null, 'cat']);
  });

  it('matches at an overlap of one half and not below', () => {
    expect(matchLabels([box(0, 0, 10, 10)], [{ box: box(0, 0, 10, 5), label: 'dog' }])).toEqual(['dog']);
    expect(matchLabels([box(0, 0, 10, 10)], [{ box: box(0, 0, 10, 4.9), label: 'dog' }])).toEqual([null]);
  });

  it('has no label where nothing is annotated', () => {
    expect(matchLabels([box(0, 0, 5, 5)], [])).toEqual([null]);
  });
});
