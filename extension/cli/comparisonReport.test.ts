import { describe, expect, it } from 'vitest';
import { scanSummary } from '../../test/fixtures/scanSummary';
import type { ComparedSide, ComparisonFile } from '../protocol/comparison';
import { comparisonReport } from './comparisonReport';

const facts: ComparisonFile['a'] = {
  id: 'scan-1',
  createdAt: '2026-11-24T04:00:00Z',
  model: { id: 'micro', version: '2', sha256: '0' },
  combiner: null,
  classes: ['cat', 'dog'],
  boxesOrigin: 'detector',
  threshold: 0.5,
  finished: true,
};
const side = (changes: Partial<ComparedSide>): ComparedSide => ({
  id: 'o',
  bbox: [5.4, 2, 40, 30],
  score: 0.213,
  predictedClass: 'cat',
  threshold: 0.5,
  flagged: true,
  percentile: 0.03,
  ...changes,
});
const kept = side({ score: 0.75, predictedClass: 'dog', flagged: false, percentile: 0.58 });
const file: ComparisonFile = {
  version: 1,
  generator: 'test',
  createdAt: '2026-11-24T04:00:00Z',
  a: facts,
  b: facts,
  images: { compared: 2, onlyInA: 0, onlyInB: 0, changed: 0 },
  objects: {
    flaggedInBoth: 1,
    flaggedInAOnly: 20,
    flaggedInBOnly: 300,
    keptInBoth: 4000,
    onlyInA: { flagged: 5, kept: 60 },
    onlyInB: { flagged: 700, kept: 8 },
  },
  rankCorrelation: 0.4567,
  compared: [{ image: 'a\n.jpg', a: side({}), b: kept, overlap: 1, moved: -0.55 }],
};
const scans = [scanSummary(), scanSummary({ reference: { folder: '/photos', scanId: 'scan-2' } })];
const [a, b] = scans;
const report = (changes: Partial<ComparisonFile> = {}): string =>
  comparisonReport({ ...file, ...changes }, { a, b, scans });

describe('the report of a comparison', () => {
  it('puts the counts where row and column say', () => {
    const rows = report()
      .split('\n')
      .filter((line) => /^ {2}(objects|flagged in A|kept in A|not in A)/.test(line))
      .map((line) => line.trim().split(/ {2,}/));
    expect(rows).toEqual([
      ['objects', 'flagged in B', 'kept in B', 'not in B'],
      ['flagged in A', '1', '20', '5'],
      ['kept in A', '300', '4000', '60'],
      ['not in A', '700', '8'],
    ]);
  });

  it('tells side, score, percentile and class of what moved in either scan, on one line', () => {
    expect(report()).toContain(
      '  flagged 0.213 (3 %)   cat  |  kept    0.750 (58 %)  dog  |  a\\x0a.jpg  40 × 30 at 5, 2\n',
    );
    expect(report()).toContain('the 1 object in both correlate by 0.457');
  });

  it('says what is not compared, and why', () => {
    expect(report()).not.toContain('left out');
    const images = { compared: 1, onlyInA: 2, onlyInB: 0, changed: 3 };
    expect(report({ images })).toContain(
      '1 image in both; left out: 2 only in A, 3 changed between the two.',
    );
    const stopped = scanSummary({ state: 'stopped', images: { total: 9, done: 4, unreadable: 0 } });
    expect(comparisonReport(file, { a, b: stopped, scans })).toContain('Not finished: 4 of 9 images.');
  });

  it('lists the scans of the folder where there are more than the two', () => {
    expect(report()).not.toContain('--with');
    expect(comparisonReport(file, { a, b, scans: [...scans, a] })).toContain('The folder has 3 scans');
  });

  it('says where there is nothing to rank', () => {
    expect(report({ compared: [], rankCorrelation: null })).toMatch(/Too few objects are in both/);
    expect(report({ compared: [], rankCorrelation: null })).not.toContain('Moved most');
  });
});
