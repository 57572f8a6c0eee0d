import { describe, expect, it } from 'vitest';
import { scanSummary } from '../../test/fixtures/scanSummary';
import { english } from './localisation';
import { classNames, differingTraits, distinction, scanTraits } from './scanText';

describe('a scan in words', () => {
  it('names the first classes and counts the others', () => {
    expect(classNames(['cat', 'dog'], english)).toBe('cat, dog');
    const many = Array.from({ length: 1010 }, (_, index) => `c${index}`);
    expect(classNames(many, english, 2)).toBe('c0, c1 and 1,008 more');
  });

  it('tells what it was made with', () => {
    const combiner = { sha256: 'c', folder: 'zoo', objects: 40 };
    const settings = { boxes: 'detector', configuration: { prompts: 'clip80' as const } };
    expect(scanTraits(scanSummary({ combiner, settings }), english)).toEqual([
      'micro 2',
      '2 classes: cat, dog',
      'Combiner: tuned on 40 objects of zoo',
      'Boxes: detector',
      'Prompts: clip80',
    ]);
  });

  it('tells what another scan was not made with, also where the words leave that out', () => {
    const classes = ['a', 'b', 'c', 'd', 'e'];
    const one = scanSummary({ classes });
    expect(differingTraits(one, one, english)).toEqual([]);
    expect(differingTraits(scanSummary({ classes: [...classes.slice(0, 4), 'f'] }), one, english)).toEqual([
      '5 classes: a, b, c, d and 1 more',
    ]);
    const model = { id: 'clip', version: '1', sha256: '1' };
    expect(differingTraits(scanSummary({ classes, model }), one, english)).toEqual(['clip 1']);
  });

  it('tells it from the others of its folder in few words, with its time where they do not', () => {
    const plain = scanSummary();
    const wider = scanSummary({ classes: ['cat', 'dog', 'cow'] });
    const clip = scanSummary({ model: { id: 'clip', version: '1', sha256: '1' } });
    const tuned = scanSummary({ combiner: { sha256: 'c', folder: 'zoo', objects: 40 } });
    const said = (scan: typeof plain, ...others: (typeof plain)[]): string =>
      distinction(scan, others, english).join(' · ');
    expect(said(plain)).toBe('');
    expect(said(plain, wider)).toBe('2 classes');
    expect(said(clip, plain, wider)).toBe('clip 1 · 2 classes');
    expect(said(tuned, plain)).toBe('tuned');
    expect(said(plain, tuned)).toBe('');
    expect(said(plain, scanSummary({ classes: ['a', 'b'] }))).toMatch(/^2 classes · .*2026/);
    expect(said(plain, scanSummary({ createdAt: '2026-11-25T04:00:00Z' }))).toMatch(/2026/);
  });
});
