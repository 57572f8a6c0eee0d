import { describe, expect, it } from 'vitest';
import type { ClassListOffer } from '../../protocol/engine';
import { english } from '../../protocol/localisation';
import { classListLines, classNames } from './classListChoices';

const offer = (kind: ClassListOffer['kind'], label: string): ClassListOffer => ({
  kind,
  label,
  detail: '',
  classes: ['cat', 'dog'],
});
const labels = (offers: ClassListOffer[]): string[] =>
  classListLines(offers, english).map(({ label }) => label);

describe('class lists to choose from', () => {
  it('puts what the folder says before presets, and what was used before all', () => {
    const offers = [
      offer('preset', 'VOC 20'),
      offer('folder', 'data.yaml'),
      offer('remembered', 'Last used'),
    ];
    expect(labels(offers)).toEqual([
      'From this folder',
      'Last used',
      'data.yaml',
      'Well-known class lists',
      'VOC 20',
      'Other',
      'Choose a File…',
      'Type Names…',
    ]);
  });

  it('has no heading without lines below it', () => {
    expect(labels([offer('preset', 'VOC 20')])[0]).toBe('Well-known class lists');
    expect(labels([])).toEqual(['Other', 'Choose a File…', 'Type Names…']);
  });

  it('names the first classes and counts the others', () => {
    expect(classNames(['cat', 'dog'], english)).toBe('cat, dog');
    const many = Array.from({ length: 1010 }, (_, index) => `c${index}`);
    expect(classNames(many, english, 2)).toBe('c0, c1 and 1,008 more');
  });
});
