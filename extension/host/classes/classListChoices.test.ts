import { describe, expect, it } from 'vitest';
import type { ClassListOffer } from '../../protocol/engine';
import { english } from '../../protocol/localisation';
import { classListLines } from './classListChoices';

const offer = (kind: ClassListOffer['kind'], label: string): ClassListOffer => ({
  kind,
  label,
  detail: '',
  classes: ['cat', 'dog'],
});
const labels = (offers: ClassListOffer[], inUse: string[] | null = null): string[] =>
  classListLines({ inUse, offers, problems: [] }, english).map(({ label }) => label);

describe('class lists to choose from', () => {
  it('puts what the folder says before presets, and what was used before all', () => {
    const offers = [offer('preset', 'VOC 20'), offer('folder', 'data.yaml')];
    expect(labels(offers, ['fox', 'hen', 'cow', 'pig', 'yak'])).toEqual([
      'In use for this folder',
      'fox, hen, cow, pig and 1 more',
      'From this folder',
      'data.yaml',
      'Well-known class lists',
      'VOC 20',
      'Other',
      'Choose a File…',
      'Type Names…',
    ]);
  });

  it('tells which file of the folder cannot be read, and why', () => {
    const problems = [{ file: '/photos/data.yaml', reason: 'Its class names cannot be read.' }];
    const lines = classListLines({ inUse: null, offers: [], problems }, english);
    expect(lines.slice(0, 2)).toEqual([
      { choice: { kind: 'heading' }, label: 'From this folder' },
      {
        choice: { kind: 'problem', file: '/photos/data.yaml' },
        label: '$(warning) data.yaml',
        detail: 'Its class names cannot be read.',
      },
    ]);
  });

  it('has no heading without lines below it', () => {
    expect(labels([offer('preset', 'VOC 20')])[0]).toBe('Well-known class lists');
    expect(labels([])).toEqual(['Other', 'Choose a File…', 'Type Names…']);
  });
});
