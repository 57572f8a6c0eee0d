import { describe, expect, it } from 'vitest';
import { english } from '../../protocol/localisation';
import type { CombinerListing } from '../../protocol/tuning';
import { combinerLines } from './combinerLines';

const combiner = (path: string, refusal: string | null): CombinerListing => ({
  path,
  sha256: '0',
  report: null,
  createdAt: '2026-01-02T10:00:00',
  folder: 'shots',
  classes: ['cat', 'dog'],
  objects: 20,
  bundle: { id: 'micro', version: '1' },
  figures: {
    untuned: { accuracy: 0.9, separation: 0.905, against: 'outside' },
    tuned: { accuracy: 0.95, separation: 0.9312, against: 'outside' },
  },
  refusal,
});

describe('the choice of a combiner', () => {
  it('offers none first, then those that fit, and tells their figures and which is in use', () => {
    const lines = combinerLines({ combiners: [combiner('/a', null)], damaged: [], inUse: '/a' }, english);
    expect(lines.map(({ label }) => label)).toEqual([
      'No Tuned Combiner',
      'Fit the model',
      'shots',
      'Other',
      'Choose a File…',
    ]);
    expect(lines[0].description).toBe('untuned');
    expect(lines.filter(({ isInUse }) => isInUse)).toEqual([lines[2]]);
    expect(lines[2].description).toMatch(/^Jan 2, 2026, 10:00\sAM · in use$/);
    expect(lines[2].detail).toBe('AUROC 93.1 %, untuned 90.5 % · 20 objects of 2 classes: cat, dog');
  });

  it('keeps apart what fits another model and what cannot be read, each with the reason', () => {
    const lines = combinerLines(
      {
        combiners: [combiner('/b', 'It was tuned on another model.')],
        damaged: [{ path: '/c', reason: 'It is damaged.' }],
        inUse: null,
      },
      english,
    );
    expect(lines[0].description).toBe('untuned · in use');
    expect(lines.map(({ label, detail }) => [label, detail])).toEqual(
      expect.arrayContaining([
        ['Fit another model', undefined],
        ['shots', 'It was tuned on another model.'],
        ['Damaged', undefined],
        ['/c', 'It is damaged.'],
      ]),
    );
  });
});
