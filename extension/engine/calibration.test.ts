import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishedImage, finishedObject, newScan } from '../../test/fixtures/inventedRecords';
import { thresholdsByClass } from '../protocol/classThresholds';
import { ScanStore } from '../store/scanStore';
import { calibrate, calibratedThreshold, recalibrate } from './calibration';

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
  const threshold = calibratedThreshold(objects, classes, 0.95)!;

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
      'Keeps 96.0 % of 50 annotated in-distribution objects in 25 photos; expect 5.9 % of such objects to be flagged.',
    );
    const chosen = { ...threshold, perClass: { ...threshold.perClass!, chosen: true } };
    const kept = objects.filter(
      ({ score, predictedClass }) => score >= thresholdsByClass(chosen, classes)[predictedClass],
    );
    expect(kept).toHaveLength(46);
    expect(threshold.perClass?.truePositiveRate).toBe(46 / 50);
    // Four lie below, and there are two thresholds: 6 of 52.
    expect(threshold.perClass?.origin).toContain('Keeps 92.0 % of 50');
    expect(threshold.perClass?.origin).toContain('expect 11.5 % of such');
    expect(threshold.perClass?.origin).toContain('1 of 3 classes have 30 or more');
  });

  it('is made at the rate that is asked for, that of classes too', () => {
    // Of 50, 45 are kept above the five lowest dogs; of 40 cats, 36 above the four lowest.
    const lower = calibratedThreshold(objects, classes, 0.9)!;
    expect(lower).toMatchObject({ value: 0.1 + 5 / 1000, truePositiveRate: 45 / 50, calibratedAt: 0.9 });
    expect(lower.origin).toContain('Keeps 90.0 % of 50');
    expect(lower.origin).toContain('expect 11.8 % of such'); // 6 of 51
    expect(lower.value + lower.perClass!.classes[0].offset).toBeCloseTo(0.3 + 4 / 1000, 5);
    expect(lower.perClass?.truePositiveRate).toBe((36 + 5) / 50);
    // 49.5 of 50 are fifty: none may be lost.
    const higher = calibratedThreshold(objects, classes, 0.99)!;
    expect(higher).toMatchObject({ value: 0.1, truePositiveRate: 1, calibratedAt: 0.99 });
    expect(higher.value + higher.perClass!.classes[0].offset).toBeCloseTo(0.3, 5);
  });

  it('is refused for few', () => {
    expect(calibratedThreshold(objects.slice(0, 19), classes, 0.95)).toBeNull();
  });
});

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'calibration-'))));
afterEach(() => rmSync(directory, { recursive: true }));
const reference = { folder: '/photos', scanId: 'scan-1' };
const now = '2026-01-01T00:00:00Z';

describe('another rate for a stored scan', () => {
  let store: ScanStore;
  afterEach(() => store.close());
  const threshold = () => store.summary(reference).threshold;

  /** The cats and dogs above, two in a photo, every photo labelled after what is in it. */
  function scanned(changes: Parameters<typeof newScan>[0] = {}, label: string | null = 'cat'): void {
    store = ScanStore.open(directory);
    store.beginScan(newScan({ classes, ...changes }), now);
    for (let at = 0; at < objects.length; at += 2)
      store.recordImage('scan-1', { ...finishedImage(`${at}.jpg`, at), sha256: `photo ${at}` }, [
        ...[at, at + 1].map((place) => {
          const { score, predictedClass } = objects[place];
          return finishedObject(`object-${place}`, score, { label, predictedClass, ordinal: place });
        }),
      ]);
  }

  it('moves δ and the δ of classes, and outlasts reopening and a scan that goes on', () => {
    scanned();
    calibrate(store, 'scan-1');
    store.setThresholdPerClass('scan-1', true);
    expect(threshold()).toMatchObject({ value: 0.1 + 2 / 1000, calibratedAt: 0.95 });
    recalibrate(store, 'scan-1', 0.9);
    store.close();
    store = ScanStore.open(directory);
    store.beginScan(newScan({ classes, truePositiveRate: 0.8 }), now);
    expect(threshold()).toEqual({
      ...calibratedThreshold(objects, classes, 0.9),
      truePositiveRate: 41 / 50,
      origin: expect.stringMatching(/^Keeps 82\.0 % of 50 .* 1 of 3 classes/) as string,
      perClass: { ...calibratedThreshold(objects, classes, 0.9)!.perClass, chosen: true },
    });
    // Four cats and five dogs lie below.
    expect(store.summary(reference).flagged).toBe(9);
    expect(store.scan('scan-1').calibrationScores).toHaveLength(50);
    calibrate(store, 'scan-1');
    expect(threshold()).toMatchObject({ value: 0.1 + 5 / 1000, calibratedAt: 0.9 });
  });

  it('takes back a δ that was set by hand, and is what a later one is taken back to', () => {
    scanned();
    calibrate(store, 'scan-1');
    store.setUserThreshold('scan-1', 0.2);
    expect(threshold()).toMatchObject({ source: 'user', calibratedAt: 0.95 });
    recalibrate(store, 'scan-1', 0.99);
    expect(threshold()).toMatchObject({ value: 0.1, source: 'calibrated' });
    store.setUserThreshold('scan-1', 0.2);
    expect(threshold()).toMatchObject({ source: 'user', calibratedAt: 0.99 });
    store.setUserThreshold('scan-1', null);
    expect(threshold()).toMatchObject({ value: 0.1, source: 'calibrated' });
  });

  it('leaves out what the combiner was tuned on', () => {
    scanned({ tunedPictures: [40, 42, 44, 46, 48, 50].map((at) => `photo ${at}`) });
    calibrate(store, 'scan-1');
    recalibrate(store, 'scan-1', 0.9);
    // 36 of the 40 cats; the dogs are not counted.
    expect(threshold()).toMatchObject({ value: 0.3 + 4 / 1000, truePositiveRate: 36 / 40 });
    expect(threshold().origin).toContain('Left out: 10 objects');
  });

  it.each([
    ['without labels', {}, null, 'takes 20 annotated in-distribution objects, and the folder has 0.'],
    ['before its end', {}, 'cat', 'not calibrated yet'],
  ] as const)('is refused for a scan %s, which stays as it was', (_, changes, label, said) => {
    scanned(changes, label);
    store.setUserThreshold('scan-1', 0.2);
    const before = store.scan('scan-1');
    expect(() => recalibrate(store, 'scan-1', 0.9)).toThrow(said);
    expect(store.scan('scan-1')).toEqual(before);
  });

  it('is refused for a scan that does not know what its combiner was tuned on', () => {
    const { configuration } = newScan();
    const combiner = { sha256: 'c'.repeat(64), folder: 'shots', objects: 9 };
    scanned({ configuration: { ...configuration, combiner } });
    calibrate(store, 'scan-1');
    expect(() => recalibrate(store, 'scan-1', 0.9)).toThrow('which photos the combiner');
    expect(threshold().calibratedAt).toBe(0.95);
  });
});

describe('what a combiner was tuned on', () => {
  /** A scan of 30 photos with one labelled dog each; the scores of the first ten are far above the others'. */
  function scanned(tunedPictures: string[]): ScanStore {
    const store = ScanStore.open(directory);
    store.beginScan(newScan({ imagesTotal: 30, tunedPictures }), now);
    for (let at = 0; at < 30; at++)
      store.recordImage('scan-1', { ...finishedImage(`${at}.jpg`, at), sha256: `photo ${at}` }, [
        finishedObject(`object-${at}`, at < 10 ? 0.9 : 0.3, { label: 'dog' }),
      ]);
    return store;
  }
  const photos = (count: number): string[] => Array.from({ length: count }, (_, at) => `photo ${at}`);

  it('does not calibrate its scans', () => {
    const store = scanned(photos(10));
    expect(calibrate(store, 'scan-1')).toBeNull();
    const { threshold } = store.summary(reference);
    expect(threshold.source).toBe('calibrated');
    expect(threshold.origin).toMatch(/of 20 annotated .* Left out: 10 objects of photos that the combiner/);
    store.close();
  });

  it('may leave too few, which is said', () => {
    const store = scanned(photos(11));
    expect(calibrate(store, 'scan-1')).toBe(
      'δ was not calibrated: that takes 20 annotated in-distribution objects, and the folder has 19 besides 11 in photos that the combiner was tuned on.',
    );
    expect(store.summary(reference).threshold.source).toBe('bundle');
    store.close();
  });
});
