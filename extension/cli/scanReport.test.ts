import { describe, expect, it } from 'vitest';
import type { ResultObject, Results } from '../protocol/results';
import type { ScanSummary } from '../protocol/scan';
import { scanReport } from './scanReport';

const summary = {
  threshold: { value: 0.1, origin: 'Set by you.' },
  images: { total: 1, unreadable: 0 },
  settings: null,
  deviceFallback: null,
} as ScanSummary;

function reportOn(
  label: string | null,
  disagreement: number | null,
  { threshold = summary.threshold, isRateAsked = false, bbox = [1, 2, 30, 40] } = {},
): string {
  const object = {
    image: 'a.jpg',
    bbox,
    label,
    disagreement,
    score: 0.75,
    predictedClass: 'dog',
    classScores: { cat: 0.25, dog: 0.75 },
    flagged: false,
  } as unknown as ResultObject;
  return scanReport(
    {
      classes: ['cat', 'dog'],
      images: [{ file: 'a.jpg', width: 64, height: 42 }],
      objects: [object],
      unreadable: [],
      leftOut: [],
      threshold: {},
    } as unknown as Results,
    { ...summary, threshold },
    { notices: [], isRateAsked },
  );
}

describe('the report of a scan', () => {
  it('lists labels that another class outscores', () => {
    expect(reportOn('cat', 0.5)).toContain(
      'Most doubtful labels:\n  0.500  cat, closest: dog  a.jpg  30 × 40 at 1, 2',
    );
  });

  it('calls a photo in which nothing is boxed the whole photo', () => {
    expect(reportOn('cat', 0.5, { bbox: [0, 0, 64, 42] })).toContain('a.jpg  the whole photo\n');
    expect(reportOn('cat', 0.5, { bbox: [0, 0, 63, 42] })).toContain('a.jpg  63 × 42 at 0, 0\n');
  });

  it('says where a true-positive rate that was asked for is not in force', () => {
    const { threshold } = summary;
    const calibrated = { ...threshold, calibratedAt: 0.99 };
    expect(reportOn(null, null, { isRateAsked: true })).toContain('No true-positive rate is in force');
    expect(reportOn(null, null, { isRateAsked: true, threshold: calibrated })).not.toContain('in force');
    expect(reportOn(null, null, { threshold })).not.toContain('in force');
  });

  it('says nothing of labels where they agree or there are none', () => {
    expect(reportOn('dog', 0)).not.toContain('doubtful');
    expect(reportOn(null, null)).not.toContain('doubtful');
  });
});
