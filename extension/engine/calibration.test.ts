import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishedImage, finishedObject, newScan } from '../../test/fixtures/inventedRecords';
import { thresholdsByClass } from '../protocol/classThresholds';
import { ScanStore } from '../store/scanStore';
import { calibrate, calibratedThreshold } from './calibration';

const classes = ['cat', 'dog', 'eel'];
/** Forty cats from 0.3 and ten dogs from 0.1, a thousandth apart, two in a picture. */
const objects = [0, 1].flatMap((predictedClass) =>
  Array.from({ length: predictedClass === 0 ? 40 : 10 }, (_, k) => ({
    score: (predictedClass === 0 ? 0.3 : 0.1) + k / 1000,
    predictedClass,
    picture: `${predictedClass} ${k >> 1}`,
  })),
);

describe('the calibration of a scan', () => {
  const threshold = calibratedThreshold(objects, classes)!;

  it('offers a threshold for each class that has enough objects, and does not choose it', () => {
    expect(threshold.perClass).toMatchObject({ chosen: false, classes: [{ class: 'cat', objects: 40 }] });
    expect([...thresholdsByClass(threshold, classes)]).toEqual([
      threshold.value,
      threshold.value,
      threshold.value,
    ]);
  });

  it('says what is kept with one for all, and with one a class', () => {
    expect(threshold.origin).toBe(
      'Keeps 96.0 % of 50 annotated in-distribution objects in 25 photos; expect 4.0 % of such objects to be flagged.',
    );
    const chosen = { ...threshold, perClass: { ...threshold.perClass!, chosen: true } };
    const kept = objects.filter(
      ({ score, predictedClass }) => score >= thresholdsByClass(chosen, classes)[predictedClass],
    );
    expect(kept).toHaveLength(46);
    expect(threshold.perClass?.truePositiveRate).toBe(46 / 50);
    expect(threshold.perClass?.origin).toContain('Keeps 92.0 % of 50');
    expect(threshold.perClass?.origin).toContain('1 of 3 classes have 30 or more');
  });

  it('is refused for few', () => {
    expect(calibratedThreshold(objects.slice(0, 19), classes)).toBeNull();
  });
});

describe('what a combiner was tuned on', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'calibration-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  /** A scan of 30 photos with one labelled dog each; the scores of the first ten are far above the others'. */
  function scanned(): ScanStore {
    const store = ScanStore.open(directory);
    store.beginScan(newScan({ imagesTotal: 30 }), '2026-01-01T00:00:00Z');
    for (let at = 0; at < 30; at++)
      store.recordImage('scan-1', { ...finishedImage(`${at}.jpg`, at), sha256: `photo ${at}` }, [
        finishedObject(`object-${at}`, at < 10 ? 0.9 : 0.3, { label: 'dog' }),
      ]);
    return store;
  }
  const photos = (count: number): Set<string> =>
    new Set(Array.from({ length: count }, (_, at) => `photo ${at}`));

  it('does not calibrate its scans', () => {
    const store = scanned();
    expect(calibrate(store, 'scan-1', photos(10))).toBeNull();
    const { threshold } = store.summary({ folder: directory, scanId: 'scan-1' });
    expect(threshold.source).toBe('calibrated');
    expect(threshold.origin).toMatch(/of 20 annotated .* Left out: 10 objects of photos that the combiner/);
    store.close();
  });

  it('may leave too few, which is said', () => {
    const store = scanned();
    expect(calibrate(store, 'scan-1', photos(11))).toBe(
      'δ was not calibrated: that takes 20 annotated in-distribution objects, and the folder has 19 besides 11 in photos that the combiner was tuned on.',
    );
    expect(store.summary({ folder: directory, scanId: 'scan-1' }).threshold.source).toBe('bundle');
    store.close();
  });
});
