import { describe, expect, it } from 'vitest';
import { encodeColumn } from '../../protocol/columns';
import type { ObjectColumns, ScanSnapshot } from '../../protocol/scan';
import { ScanObjects } from './scanObjects';
import { scanSummary } from '../../../test/fixtures/scanSummary';

function columns(firstRow: number, scores: number[], verdicts = scores.map(() => 0)): ObjectColumns {
  const floats = encodeColumn(new Float32Array(scores));
  return {
    firstRow,
    count: scores.length,
    ids: scores.map((_, index) => `object-${firstRow + index}`),
    files: ['a.jpg', 'b/c.jpg'],
    fileIndex: encodeColumn(Uint32Array.from(scores, (_, index) => index % 2)),
    score: floats,
    predictedClass: encodeColumn(Uint16Array.from(scores, (_, index) => index % 2)),
    detectionScore: floats,
    boxArea: floats,
    mcm: floats,
    maxCosine: floats,
    glMcm: floats,
    runa: floats,
    verdict: encodeColumn(new Uint8Array(verdicts)),
    disagreement: encodeColumn(new Float32Array(scores.length).fill(NaN)),
    annotated: encodeColumn(Uint8Array.from(scores, (_, index) => index % 2)),
    assignedClass: {},
  };
}

function snapshot(first: ObjectColumns, threshold: number): ScanSnapshot {
  return {
    summary: scanSummary({
      reference: { folder: '/photos', scanId: '1' },
      state: 'scanning',
      images: { total: 2, done: 1, unreadable: 0 },
      objects: first.count,
      flagged: 0,
      threshold: { value: threshold, source: 'bundle', truePositiveRate: null, origin: '', warning: null },
    }),
    columns: first,
    calibrationScores: '',
    unreadable: [],
    leftOut: [],
  };
}

const ids = (objects: ScanObjects, limit = 10): string[] =>
  objects.mostSuspicious(limit).objects.map(({ id }) => id);

describe('flagged objects of a scan', () => {
  it('are those below δ, most suspicious first; δ itself is kept', () => {
    const objects = new ScanObjects(snapshot(columns(0, [0.25, 0.125, 0.5, 0.0625]), 0.25));
    expect(ids(objects)).toEqual(['object-3', 'object-1']);
    expect(objects.mostSuspicious(1)).toMatchObject({
      objects: [{ id: 'object-3', file: 'b/c.jpg', class: 'dog' }],
      total: 2,
    });
  });

  it('follow δ', () => {
    const objects = new ScanObjects(snapshot(columns(0, [0.25, 0.125]), 0.2));
    objects.threshold = { ...objects.threshold, value: 0.3 };
    expect(ids(objects)).toEqual(['object-1', 'object-0']);
  });

  it('are those below the δ of their class where one a class is chosen', () => {
    const objects = new ScanObjects(snapshot(columns(0, [0.25, 0.5, 0.125, 0.375, 0.0625, 0.25]), 0.25));
    const perClass = {
      chosen: true,
      truePositiveRate: 0.95,
      origin: '',
      classes: [{ class: 'dog', offset: 0.25, objects: 30 }],
    };
    objects.threshold = { ...objects.threshold, perClass };
    // A dog at 0.25 lies further below its 0.5 than a cat at 0.125 below its 0.25; a dog at 0.5 is kept.
    expect(ids(objects)).toEqual(['object-5', 'object-4', 'object-2', 'object-3']);
    objects.threshold = { ...objects.threshold, perClass: { ...perClass, chosen: false } };
    expect(ids(objects)).toEqual(['object-4', 'object-2']);
  });

  it('grow with chunks, pass over known rows and notice missing ones', () => {
    const objects = new ScanObjects(snapshot(columns(0, [0.4, 0.3]), 1));
    expect(objects.append(columns(1, [0.3, 0.2]))).toBe(true);
    expect(ids(objects)).toEqual(['object-2', 'object-1', 'object-0']);
    expect(objects.append(columns(4, [0.1]))).toBe(false);
    expect(objects.mostSuspicious(10).total).toBe(3);
  });

  it('carry verdicts, stored and new', () => {
    const objects = new ScanObjects(snapshot(columns(0, [0.1, 0.2], [3, 0]), 1));
    objects.decide([{ id: 'object-1', decision: { verdict: 'id', class: 'cat' } }]);
    expect(objects.mostSuspicious(2).objects).toMatchObject([
      { verdict: 'ignored' },
      { verdict: 'id', class: 'cat' },
    ]);
    objects.decide([
      { id: 'object-0', decision: null },
      { id: 'object-1', decision: null },
    ]);
    expect(objects.mostSuspicious(2).objects).toMatchObject([
      { verdict: null, class: 'cat' },
      { verdict: null, class: 'dog' },
    ]);
  });
});
