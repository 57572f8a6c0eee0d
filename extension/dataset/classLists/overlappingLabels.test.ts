import { describe, expect, it } from 'vitest';
import { removeOverlap } from './overlappingLabels';

describe('labels of an OOD set that name a known class', () => {
  it('are listed with how often they come, and why', () => {
    const labels = ['giraffe', 'sofa', 'Dog', 'sofa', 'hot dog', 'dogs', 'sofa bed', 'aircraft'];
    expect(removeOverlap(['dog', 'couch', 'airplane'], labels)).toEqual([
      { label: 'sofa', objects: 2, reason: 'another name of couch' },
      { label: 'Dog', objects: 1, reason: 'a class of the list' },
      { label: 'dogs', objects: 1, reason: 'another spelling of dog' },
      { label: 'sofa bed', objects: 1, reason: 'a kind of couch' },
      { label: 'aircraft', objects: 1, reason: 'could be airplane' },
    ]);
  });
});
