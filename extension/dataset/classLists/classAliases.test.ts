import { describe, expect, it } from 'vitest';
import { classListPresets } from './presets';
import { removeOverlap, sameClass } from './classAliases';

describe('names of the same class', () => {
  it.each([
    ['motorbike', 'motorcycle'],
    ['aeroplane', 'Airplane'],
    ['sofa', 'couch'],
    ['tvmonitor', 'tv'],
    ['Television', 'tv'],
    ['diningtable', 'dining table'],
    ['pottedplant', 'Potted_Plant'],
    ['Houseplant', 'potted plant'],
    ['Man', 'person'],
    ['pedestrian', 'person'],
    ['cars', 'car'],
    ['Buses', 'bus'],
    ['traffic-light', 'traffic light'],
    ['Cattle', 'cow'],
  ])('%s is %s', (one, other) => {
    expect(sameClass(one, other)).toBe(true);
    expect(sameClass(other, one)).toBe(true);
  });

  it.each([
    ['hot dog', 'dog'],
    ['teddy bear', 'bear'],
    ['seahorse', 'horse'],
    ['traffic light', 'light'],
    ['bus', 'bu'],
    ['glass', 'glas'],
    ['rider', 'person'],
    ['toy car', 'car'],
    ['cup', 'wine glass'],
  ])('%s is not %s', (one, other) => {
    expect(sameClass(one, other)).toBe(false);
    expect(sameClass(other, one)).toBe(false);
  });

  it('no preset names a class twice', () => {
    for (const { id, names } of classListPresets.filter((preset) => preset.id !== 'imagenet'))
      for (const [at, name] of names.entries())
        expect(
          names.slice(at + 1).filter((other) => sameClass(name, other)),
          `${id}: ${name}`,
        ).toEqual([]);
  });
});

describe('labels of an OOD set that name a known class', () => {
  it('are listed with how often they come, and why', () => {
    const labels = ['giraffe', 'sofa', 'Dog', 'sofa', 'hot dog', 'dogs'];
    expect(removeOverlap(['dog', 'couch'], labels)).toEqual([
      { label: 'sofa', objects: 2, reason: 'another name of couch' },
      { label: 'Dog', objects: 1, reason: 'a class of the list' },
      { label: 'dogs', objects: 1, reason: 'another spelling of dog' },
    ]);
  });
});
