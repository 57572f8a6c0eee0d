import { describe, expect, it } from 'vitest';
import { english } from './localisation';
import type { TuningOutcome } from './tuning';
import { evaluationProgressText, tooFewText, tuningProgressText, tuningVerdict } from './tuningText';

const stepping = {
  kind: 'stepping' as const,
  form: 'on the readout',
  formNumber: 1,
  forms: 3,
  step: 15,
  steps: 60,
  loss: 2.3108,
  separation: 0.9312,
};
const outcome: TuningOutcome = {
  worthUsing: true,
  advantage: { mean: 0.02, range: [0.001, 0.04], lead: 0.974 },
  combiner: '/c',
  report: '/c.md',
  figures: {
    untuned: { accuracy: 0.9, separation: 0.91, against: 'outside' },
    tuned: { accuracy: 0.95, separation: 0.93, against: 'outside' },
  },
  tunedOn: { shots: 10, objects: 200, heldOut: 100, outside: 40, seed: 1, steps: 15 },
  form: 'token map',
  curves: [],
  tooFew: [],
};

describe('tuning and evaluation in words', () => {
  it('tells step, loss and time left', () => {
    expect(tuningProgressText({ stage: stepping, share: 0.6, secondsLeft: 18 }, english)).toBe(
      'form 1 of 3 (on the readout) · step 15 of at most 60 · loss 2.311 · AUROC 93.1 % · about 20 s left',
    );
  });

  it('tells no loss before the first step', () => {
    const text = tuningProgressText(
      { stage: { ...stepping, step: 0, loss: null }, share: 0.5, secondsLeft: null },
      english,
    );
    expect(text).toBe('form 1 of 3 (on the readout) · step 0 of at most 60 · AUROC 93.1 %');
  });

  it('names the seed of an evaluation only where there are several', () => {
    const stage = { kind: 'passing' as const, objects: 1, total: 8 };
    const tuning = (seeds: number): string =>
      evaluationProgressText(
        { stage: { kind: 'tuning', seed: 2, seeds, stage }, share: 0.256, secondsLeft: null },
        english,
      );
    expect(tuning(1)).toBe('25 % · tuning: 1 of 8 objects through the image encoder');
    expect(tuning(5)).toBe('25 % · tuning, seed 2 of 5: 1 of 8 objects through the image encoder');
  });

  it('counts photos of a set', () => {
    const stage = { kind: 'measuring' as const, set: 'coco', photos: 12, total: 1203 };
    expect(evaluationProgressText({ stage, share: 0.999, secondsLeft: 61 }, english)).toBe(
      '99 % · 12 of 1,203 photos of coco · about 1 min left',
    );
  });

  it('tells no share of an evaluation before its work begins', () => {
    const loading = { stage: { kind: 'loading' as const }, share: 0, secondsLeft: null };
    expect(evaluationProgressText(loading, english)).toBe('loading models');
  });

  it('says whether tuning was worth it, and by what it was judged', () => {
    expect(tuningVerdict(outcome, english)).toBe(
      'The tuned combiner beats the untuned score. Chosen on one half of the held-out photos, it leads on the other half in 97 % of the ways to halve them; 90 % are asked for. Tuned: AUROC 93.0\u00a0%, best class right 95.0\u00a0%. Untuned: AUROC 91.0\u00a0%, best class right 90.0\u00a0%. Judged on 100 objects that were not tuned on, against 40 objects of other labels.',
    );
    expect(tuningVerdict({ ...outcome, worthUsing: false, combiner: null }, english)).toContain(
      'does not beat the untuned score often enough',
    );
  });

  it('names classes with too few objects', () => {
    expect(
      tooFewText(
        [
          { class: 'cat', objects: 3 },
          { class: 'dog', objects: 1 },
        ],
        english,
      ),
    ).toBe('Fewer labelled objects than asked for: cat 3, dog 1.');
  });
});
