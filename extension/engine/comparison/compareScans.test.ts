import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { finishedImage, finishedObject, newScan } from '../../../test/fixtures/inventedRecords';
import { decodeFloat32, decodeUint16, decodeUint8 } from '../../protocol/columns';
import { comparisonFileSchema } from '../../protocol/comparison';
import type { BoundingBox } from '../../protocol/results';
import type { FinishedObject } from '../../store/records';
import { ScanStore } from '../../store/scanStore';
import { compareScans, compareStored } from './compareScans';
import { comparisonFile } from './comparisonFile';

const now = '2026-01-02T03:04:05.000Z';
let directory: string;
let store: ScanStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'comparison-'));
  store = ScanStore.open(directory);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

/** δ is 0.5. Class 0 is the first of the scan's list. */
function object(id: string, score: number, changes: Partial<FinishedObject> = {}): FinishedObject {
  return finishedObject(id, score, { predictedClass: 0, ...changes });
}

const away: BoundingBox = [60, 60, 20, 20];

/** Both hold a, b, c, d; `other` found b with a box of its own, and each found something the other did not. */
function twoScans(): void {
  store.beginScan(newScan({ classes: ['cat', 'dog'] }), now);
  store.recordImage('scan-1', finishedImage('a.jpg', 0), [
    object('a', 0.1),
    object('b', 0.2, { bbox: [50, 2, 30, 40] }),
    object('only here', 0.3, { bbox: away }),
  ]);
  store.recordImage('scan-1', finishedImage('b.jpg', 1), [object('c', 0.6), object('d', 0.7)]);
  store.recordImage('scan-1', finishedImage('not there.jpg', 2), [object('e', 0.4)]);
  store.setState('scan-1', 'finished', now);
  store.beginScan(newScan({ id: 'other', classes: ['horse', 'cow', 'sheep'] }), now);
  store.recordImage('other', finishedImage('b.jpg', 1), [
    object('d', 0.25, { predictedClass: 2 }),
    object('c', 0.625),
  ]);
  store.recordImage('other', finishedImage('a.jpg', 0), [
    object('a', 0.375),
    object('b elsewhere', 0.8, { bbox: [50, 2, 30, 36], predictedClass: 1 }),
    object('only there', 0.2, { bbox: [2, 60, 20, 20] }),
  ]);
}

describe('a scan beside another one of its folder', () => {
  it('has what the other says of each of its objects, in the order of its own rows', () => {
    twoScans();
    const comparison = compareScans(store, { folder: '/photos', scanId: 'scan-1' }, 'other');
    const { columns } = comparison;
    expect(comparison.other).toMatchObject({
      reference: { folder: '/photos', scanId: 'other' },
      classes: ['horse', 'cow', 'sheep'],
    });
    expect(comparison.photos).toEqual({ compared: 2, onlyHere: 1, onlyThere: 0, changed: 0 });
    expect(comparison.onlyThere).toBe(1);
    // a b only-here c d e
    expect(columns.count).toBe(6);
    expect([...decodeUint8(columns.relation)]).toEqual([1, 1, 2, 1, 1, 0]);
    expect([...decodeFloat32(columns.score)]).toEqual([0.375, Math.fround(0.8), NaN, 0.625, 0.25, NaN]);
    expect([...decodeUint16(columns.predictedClass)].filter((_, row) => row !== 2 && row !== 5)).toEqual([
      0, 1, 0, 2,
    ]);
    const overlaps = [...decodeFloat32(columns.overlap)];
    expect(overlaps[0]).toBe(1);
    expect(overlaps[1]).toBeCloseTo(36 / 40, 6);
    // Ranks 0 1 2 3 here against 1 3 2 0 there: 1 − 6 · (1 + 4 + 9) / (4 · 15).
    expect(comparison.rankCorrelation).toBeCloseTo(-0.4, 12);
    const thirds = (column: string): number[] =>
      [...decodeFloat32(column)].map((share) => Math.round(3 * share));
    expect(thirds(columns.percentile)).toEqual([0, 1, NaN, 2, 3, NaN]);
    expect(thirds(columns.otherPercentile)).toEqual([1, 3, NaN, 2, 0, NaN]);
  });

  it('is written as a file that counts sides and puts first what moved most', () => {
    twoScans();
    const file = z.parse(
      comparisonFileSchema,
      comparisonFile(compareStored(store, 'scan-1', 'other'), 'test', now),
    );
    expect(file.images).toEqual({ compared: 2, onlyInA: 1, onlyInB: 0, changed: 0 });
    expect(file.objects).toEqual({
      flaggedInBoth: 1, // a
      flaggedInAOnly: 1, // b
      flaggedInBOnly: 1, // d
      keptInBoth: 1, // c
      onlyInA: { flagged: 1, kept: 0 },
      onlyInB: { flagged: 1, kept: 0 },
    });
    expect([file.a.finished, file.b.finished]).toEqual([true, false]);
    expect(file.compared.map(({ a, b }) => [a?.id ?? null, b?.id ?? null])).toEqual([
      ['d', 'd'],
      ['b', 'b elsewhere'],
      ['a', 'a'],
      ['c', 'c'],
      ['only here', null],
      [null, 'only there'],
    ]);
    expect(file.compared[0]).toMatchObject({
      image: 'b.jpg',
      a: { score: 0.7, predictedClass: 'cat', threshold: 0.5, flagged: false },
      b: { score: 0.25, predictedClass: 'sheep', flagged: true },
      overlap: 1,
    });
    expect(file.compared[0].moved).toBe(1);
    expect(file.compared[1].moved).toBeCloseTo(-2 / 3, 12);
  });

  it('is told by the δ of each scan', () => {
    twoScans();
    store.setUserThreshold('other', 0.95);
    const { objects } = comparisonFile(compareStored(store, 'scan-1', 'other'), 'test', now);
    expect(objects).toMatchObject({ flaggedInBoth: 2, flaggedInAOnly: 0, flaggedInBOnly: 2, keptInBoth: 0 });
  });

  it('of nothing in common says so', () => {
    store.beginScan(newScan(), now);
    store.beginScan(newScan({ id: 'other' }), now);
    expect(compareScans(store, { folder: '/photos', scanId: 'scan-1' }, 'other')).toMatchObject({
      photos: { compared: 0, onlyHere: 0, onlyThere: 0, changed: 0 },
      rankCorrelation: null,
      columns: { count: 0 },
    });
  });
});
