import { describe, expect, it } from 'vitest';
import { classListPresets } from '../dataset/classLists/presets';
import { comparableName, labelMeanings, sameClass } from './classNames';

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
    ['People', 'person'],
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
    ['man', 'person'],
    ['boat', 'ship'],
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

describe('what a label says of a class list', () => {
  const said = (label: string, classes: string[]): string => {
    const meaning = labelMeanings(classes)(label);
    if (meaning.is === 'outside') return 'outside';
    return meaning.is === 'class'
      ? `${classes[meaning.place]} by ${meaning.by}`
      : `near ${classes[meaning.near]}`;
  };

  it.each([
    ['Sofa', ['dog', 'couch'], 'couch by synonym'],
    ['Potted_Plant', ['potted plant'], 'potted plant by spelling'],
    ['woman', ['dog', 'person'], 'person by kind'],
    ['airliner', ['airplane'], 'airplane by kind'],
    ['Duck', ['bird'], 'bird by kind'],
    ['Taxi', ['car'], 'car by kind'],
    // Objects of COCO beside BDD100K's classes, and the other way.
    ['stop sign', ['rider', 'traffic sign'], 'traffic sign by kind'],
    ['traffic sign', ['person', 'stop sign'], 'near stop sign'],
    ['rider', ['dog', 'person'], 'person by kind'],
    ['children', ['dog', 'person'], 'person by kind'],
    ['giraffe', ['dog', 'person'], 'outside'],
  ])('%s of %j: %s', (label, classes, meaning) => {
    expect(said(label, classes)).toBe(meaning);
  });

  it('takes the class with its very name where another is spelled alike', () => {
    const classes = ['sunglass', 'sunglasses'];
    expect(said('sunglasses', classes)).toBe('sunglasses by name');
    expect(said('Sunglass', classes)).toBe('sunglass by name');
    expect(said('airliner', ['airplane', 'airliner'])).toBe('airliner by name');
  });

  it('calls unclear what could be a class and is not surely one', () => {
    expect(said('aircraft', ['airplane'])).toBe('near airplane'); // a helicopter is one too
    expect(said('person', ['dog', 'man', 'woman'])).toBe('near man');
    expect(said('ship', ['boat'])).toBe('near boat');
    expect(said('Table', ['dining table'])).toBe('near dining table');
    expect(said('van', ['car'])).toBe('near car');
    expect(said('Human face', ['person'])).toBe('near person');
    expect(said('truck', ['car', 'bus'])).toBe('outside');
    expect(said('sun glasses', ['sunglass', 'sun-glass', 'sun glass '])).toBe('near sun-glass');
  });

  it('compares names that neither list holds', () => {
    expect(comparableName('TVmonitor')).toBe('tv');
    expect(comparableName('potted_plant')).toBe('potted plant');
    expect(comparableName('Giraffes')).toBe('giraffe');
  });
});
