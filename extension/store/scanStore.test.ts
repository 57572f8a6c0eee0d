import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bundleThreshold,
  finishedImage as image,
  finishedObject,
  newScan,
} from '../../test/fixtures/inventedRecords';
import { decodeFloat32, decodeUint32, decodeUint8 } from '../protocol/columns';
import type { Threshold } from '../protocol/scan';
import { labelReaders } from './annotatedObjects';
import { databaseName } from './database';
import { formatResults, writeWhole } from './exportFormats/writeExport';
import { fewestKept } from './keptColumns';
import { migrations } from './migrations';
import { readColumns, readObject } from './objectQueries';
import { explanationsOf, resultsOf } from './results';
import { acquireScanLock, isScanRunning } from './scanLock';
import { ScanStore } from './scanStore';
import { takeOver } from './stateDirectory';

const now = '2026-01-02T03:04:05.000Z';
let directory: string;
let store: ScanStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'store-'));
  store = ScanStore.open(directory);
  store.beginScan(newScan(), now);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

function reopen(): void {
  store.close();
  store = ScanStore.open(directory);
}

const reference = { folder: '/photos', scanId: 'scan-1' };

describe('the store', () => {
  it('keeps images, objects and verdicts over a restart', () => {
    store.recordImage('scan-1', image('b.jpg', 1), [
      finishedObject('o1', 0.25),
      finishedObject('o2', 0.75, { ordinal: 2 }),
    ]);
    store.recordUnreadable('scan-1', 'broken.jpg', 'Empty file');
    store.decide('scan-1', [{ id: 'o1', decision: { verdict: 'ood', class: 'forklift' } }], now);
    reopen();
    expect(store.summary(reference)).toMatchObject({
      images: { total: 3, done: 2, unreadable: 1 },
      objects: 2,
      flagged: 1,
      reviewedFlagged: 1,
      threshold: bundleThreshold,
    });
    expect([...store.finishedFiles('scan-1')]).toEqual([['b.jpg', { size: 5, modifiedMilliseconds: 7.5 }]]);
    const stored = readObject(store.connection, 'scan-1', 'o1');
    const { embedding, ...rest } = finishedObject('o1', 0.25);
    expect(embedding).not.toHaveLength(0); // it stands apart: embeddings.test.ts
    expect(stored).toMatchObject({
      ...rest,
      decision: { verdict: 'ood', class: 'forklift', at: now },
    });
  });

  it('goes on in another place where its folder can no longer be written to, and takes nothing over twice', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    const objects = (): number => {
      const moved = ScanStore.open(outside);
      const { objects: count } = moved.summary(reference);
      moved.close();
      return count;
    };
    store.recordImage('scan-1', image('a.jpg', 0), [finishedObject('o1', 0.25)]);
    await takeOver(directory, outside); // while all of it is in the write-ahead log
    expect(objects()).toBe(1);
    store.recordImage('scan-1', image('b.jpg', 1), [finishedObject('o2', 0.25)]);
    await takeOver(directory, outside);
    expect(objects()).toBe(1);
    rmSync(outside, { recursive: true });
  });

  it('says why the last run of a scan was computed on the processor', () => {
    const deviceFallback = 'The image tower runs on the processor: dml cannot be used.';
    expect(store.summary(reference).deviceFallback).toBeNull();
    store.beginScan(newScan({ deviceFallback }), now);
    reopen();
    expect(store.summary(reference).deviceFallback).toBe(deviceFallback);
    store.beginScan(newScan(), now);
    expect(store.summary(reference).deviceFallback).toBeNull();
  });

  it('gives columns from any row on', () => {
    store.recordImage('scan-1', image('b.jpg', 1), [finishedObject('o1', 0.25)]);
    const firstRow = store.recordImage('scan-1', image('a.jpg', 0), [
      finishedObject('o2', 0.75, { label: 'Dog' }),
      finishedObject('o3', 0.5, {
        label: 'cat',
        bbox: [0, 0, 7.5, 4],
        classScores: Float32Array.of(0.25, 0.5),
      }),
    ]);
    store.decide('scan-1', [{ id: 'o3', decision: { verdict: 'id', class: 'cat' } }], now);
    expect(firstRow).toBe(1);
    const columns = readColumns(store.connection, 'scan-1', labelReaders(newScan()), firstRow, 1);
    expect(columns).toMatchObject({
      firstRow: 1,
      count: 2,
      ids: ['o2', 'o3'],
      files: ['a.jpg'],
      assignedClass: { 2: 'cat' },
    });
    expect(Array.from(decodeFloat32(columns.score))).toEqual([0.75, 0.5]);
    expect(Array.from(decodeFloat32(columns.boxArea))).toEqual([1200, 30]);
    expect(Array.from(decodeUint32(columns.fileIndex))).toEqual([0, 0]);
    expect(Array.from(decodeUint8(columns.verdict))).toEqual([0, 2]);
    expect(Array.from(decodeFloat32(columns.disagreement))).toEqual([0, 0.25]);
  });

  it('numbers objects without a gap where an image was dropped, and knows their verdicts', () => {
    for (const [at, file] of ['a.jpg', 'b.jpg', 'c.jpg'].entries())
      store.recordImage('scan-1', image(file, at), [finishedObject(`o${at}`, 0.25 + at / 4)]);
    store.decide('scan-1', [{ id: 'o2', decision: { verdict: 'ood', class: 'forklift' } }], now);
    store.dropImage('scan-1', 'a.jpg');
    const readers = { labelled: () => null, annotated: () => false };
    const expected = { firstRow: 0, count: 2, ids: ['o1', 'o2'], assignedClass: { 1: 'forklift' } };
    const columns = store.columns('scan-1');
    expect(columns).toMatchObject(expected);
    expect(Array.from(decodeUint8(columns.verdict))).toEqual([0, 1]);
    const row = store.recordImage('scan-1', image('d.jpg', 3), [finishedObject('o3', 0.5)]);
    expect(readColumns(store.connection, 'scan-1', readers, row, 2)).toMatchObject({
      firstRow: 2,
      ids: ['o3'],
    });
  });

  it('keeps the columns of a large scan that is at rest, until its objects change', () => {
    const isKept = (): boolean => store.connection.prepare('SELECT 1 FROM keptColumns').get() !== undefined;
    for (let photo = 0; photo * 500 < fewestKept; photo++)
      store.recordImage(
        'scan-1',
        image(`${photo}.jpg`, photo),
        Array.from({ length: 500 }, (_, at) => finishedObject(`${photo} ${at}`, 0.5, { ordinal: at + 1 })),
      );
    const lock = acquireScanLock(directory, 'scan-1');
    const first = store.columns('scan-1');
    expect(isKept()).toBe(false);
    lock?.release();
    expect(store.columns('scan-1')).toEqual(first);
    expect(isKept()).toBe(true);
    store.decide('scan-1', [{ id: '3 7', decision: { verdict: 'id', class: 'cat' } }], now);
    reopen();
    const judged = store.columns('scan-1');
    expect(judged).toEqual({
      ...first,
      verdict: judged.verdict,
      assignedClass: { [first.ids.indexOf('3 7')]: 'cat' },
    });
    expect(decodeUint8(judged.verdict)[first.ids.indexOf('3 7')]).toBe(2);
    expect(isKept()).toBe(true);
    store.dropImage('scan-1', '0.jpg');
    expect(isKept()).toBe(false);
    expect(store.columns('scan-1').count).toBe(first.count - 500);
    store.recordImage('scan-1', image('new.jpg', 99), [finishedObject('new', 0.5)]);
    expect(store.columns('scan-1').ids.at(-1)).toBe('new');
  });

  it.each([
    ['detector', 'COCO', [0, 1]],
    ['annotations', 'YOLO', [1, 1]],
    ['annotations', 'Class folders', [0, 0]],
  ] as const)('tells which objects of boxes by %s an annotation file (%s) holds', (boxes, format, held) => {
    const { configuration } = newScan();
    const annotations = { format, named: null };
    store.beginScan(newScan({ configuration: { ...configuration, boxes }, annotations, id: 's' }), now);
    const objects = [finishedObject('o1', 0.5), finishedObject('o2', 0.5, { label: 'toad' })];
    store.recordImage('s', image('a.jpg', 0), objects);
    const { annotated } = store.columns('s');
    expect(Array.from(decodeUint8(annotated))).toEqual(held);
  });

  it('stores an image whole or not at all', () => {
    const twice = [finishedObject('same', 0.1), finishedObject('same', 0.2)];
    expect(() => store.recordImage('scan-1', image('a.jpg', 0), twice)).toThrow();
    expect(store.summary(reference)).toMatchObject({ objects: 0, images: { done: 0 } });
  });

  it('puts the user’s threshold before the calibrated, that before the estimated, and that before the bundle’s', () => {
    store.recordImage('scan-1', image('a.jpg', 0), [finishedObject('o1', 0.25), finishedObject('o2', 0.75)]);
    const estimated: Threshold = { ...bundleThreshold, value: 0.3, source: 'estimated' };
    store.setEstimate('scan-1', estimated);
    expect(store.summary(reference)).toMatchObject({ flagged: 1, threshold: estimated });
    const calibrated: Threshold = {
      value: 0.8,
      source: 'calibrated',
      truePositiveRate: 0.95,
      calibratedAt: 0.9,
      origin: '30 objects.',
      warning: null,
    };
    store.setCalibration('scan-1', calibrated, [
      { score: 0.9, predictedClass: 0 },
      { score: 1, predictedClass: 1 },
    ]);
    expect(store.summary(reference)).toMatchObject({ flagged: 2, threshold: calibrated });
    store.setUserThreshold('scan-1', 0.1);
    expect(store.summary(reference)).toMatchObject({ flagged: 0, threshold: { value: 0.1, source: 'user' } });
    store.setUserThreshold('scan-1', null);
    expect(store.summary(reference).threshold).toEqual(calibrated);
    expect(Array.from(store.scan('scan-1').calibrationScores)).toEqual([Math.fround(0.9), 1]);
  });

  describe('with a calibrated threshold per class', () => {
    const calibrated: Threshold = {
      value: 0.5,
      source: 'calibrated',
      truePositiveRate: 0.95,
      origin: 'One for all.',
      warning: null,
      perClass: {
        chosen: false,
        truePositiveRate: 0.96,
        origin: 'One a class.',
        classes: [{ class: 'dog', offset: 0.25, objects: 30 }],
      },
    };
    beforeEach(() => {
      store.recordImage('scan-1', image('a.jpg', 0), [
        finishedObject('cat', 0.5, { predictedClass: 0 }),
        finishedObject('dog below', 0.625, { ordinal: 2 }),
        finishedObject('dog', 0.75, { ordinal: 3 }),
      ]);
      store.decide('scan-1', [{ id: 'dog below', decision: { verdict: 'ood' } }], now);
      store.setCalibration('scan-1', calibrated, [
        { score: 0.5, predictedClass: 0 },
        { score: 0.75, predictedClass: 1 },
      ]);
    });

    it('flags by one for all unless one a class is chosen, and remembers the choice', () => {
      expect(store.summary(reference)).toMatchObject({ flagged: 0, threshold: calibrated });
      store.setThresholdPerClass('scan-1', true);
      reopen();
      expect(store.summary(reference)).toMatchObject({
        flagged: 1,
        reviewedFlagged: 1,
        threshold: { value: 0.5, truePositiveRate: 0.96, origin: 'One a class.', perClass: { chosen: true } },
      });
      store.setThresholdPerClass('scan-1', false);
      expect(store.summary(reference)).toMatchObject({ flagged: 0, threshold: calibrated });
    });

    it('moves all of them with δ', () => {
      store.setThresholdPerClass('scan-1', true);
      store.setUserThreshold('scan-1', 0.55);
      expect(store.summary(reference).flagged).toBe(3);
      store.setUserThreshold('scan-1', 0.37);
      expect(store.summary(reference).flagged).toBe(0);
      expect(store.summary(reference).threshold.perClass?.chosen).toBe(true);
    });

    it('levels calibration scores to the common one', () => {
      expect([...store.scan('scan-1').calibrationScores]).toEqual([0.5, 0.75]);
      store.setThresholdPerClass('scan-1', true);
      expect([...store.scan('scan-1').calibrationScores]).toEqual([0.5, 0.5]);
    });

    it('exports what each object was held against, and agrees with the counts', () => {
      store.setThresholdPerClass('scan-1', true);
      const results = resultsOf(store.connection, 'scan-1', 'all', 'uni-ood 0', now);
      expect(results.objects.map(({ id, threshold, flagged }) => [id, threshold, flagged])).toEqual([
        ['cat', 0.5, false],
        ['dog below', 0.75, true],
        ['dog', 0.75, false],
      ]);
      expect(results.threshold.classes).toEqual([{ class: 'dog', value: 0.75, objects: 30 }]);
      const flagged = resultsOf(store.connection, 'scan-1', 'flagged', 'uni-ood 0', now);
      expect(flagged.objects.map(({ id }) => id)).toEqual(['dog below']);
      const [titles, cat] = formatResults(results, 'csv').split(/\r?\n/);
      expect(cat.split(',')[titles.split(',').indexOf('threshold')]).toBe('0.5');
    });
  });

  describe('with a true-positive rate', () => {
    const calibrated: Threshold = {
      value: 0.8,
      source: 'calibrated',
      truePositiveRate: 0.96,
      origin: '30 objects.',
      warning: null,
    };
    const rateOf = (scanId: string): number => store.scan(scanId).truePositiveRate;

    it('keeps the one that was chosen, whatever new scans begin with, until the scan is forgotten', () => {
      store.beginScan(newScan({ id: 'other', truePositiveRate: 0.9 }), now);
      expect([rateOf('scan-1'), rateOf('other')]).toEqual([0.95, 0.9]);
      store.setTruePositiveRate('scan-1', 0.99);
      store.beginScan(newScan({ truePositiveRate: 0.9 }), now);
      reopen();
      expect([rateOf('scan-1'), rateOf('other')]).toEqual([0.99, 0.9]);
      store.removeScan('scan-1');
      store.beginScan(newScan({ truePositiveRate: 0.9 }), now);
      expect(rateOf('scan-1')).toBe(0.9);
    });

    it('takes the user’s threshold back where it is chosen', () => {
      store.setCalibration('scan-1', calibrated, []);
      store.setUserThreshold('scan-1', 0.1);
      store.setTruePositiveRate('scan-1', 0.99);
      expect(store.summary(reference).threshold).toMatchObject({ value: 0.8, source: 'calibrated' });
    });

    it('has the photos of the combiner of each scan, and forgets them with it', () => {
      store.beginScan(newScan({ id: 'other', tunedPictures: ['b', 'c'] }), now);
      store.beginScan(newScan({ id: 'other', tunedPictures: ['b', 'c'] }), now);
      expect([...store.tunedPictures('scan-1')]).toEqual([]);
      expect([...store.tunedPictures('other')].sort()).toEqual(['b', 'c']);
      store.removeScan('other');
      expect([...store.tunedPictures('other')]).toEqual([]);
    });

    it('was 95 % in a store that was made before there was a choice', () => {
      store.setCalibration('scan-1', calibrated, []);
      const own = migrations.findIndex((migration) => migration.includes('CREATE TABLE tunedPicture'));
      store.connection.exec(
        `ALTER TABLE scan DROP COLUMN truePositiveRate; DROP TABLE tunedPicture; ALTER TABLE verdictStep DROP COLUMN id;
         PRAGMA user_version = ${own}`,
      );
      reopen();
      expect(rateOf('scan-1')).toBe(0.95);
      expect(store.summary(reference).threshold).toEqual({ ...calibrated, calibratedAt: 0.95 });
      store.setUserThreshold('scan-1', 0.1);
      expect(store.summary(reference).threshold).toMatchObject({ source: 'user', calibratedAt: 0.95 });
    });
  });

  it('keeps verdicts when a scan is forgotten', () => {
    store.recordImage('scan-1', image('a.jpg', 0), [finishedObject('o1', 0.25)]);
    store.decide('scan-1', [{ id: 'o1', decision: { verdict: 'ignored' } }], now);
    store.removeScan('scan-1');
    expect(store.summaries('/photos')).toEqual([]);
    store.beginScan(newScan({ id: 'scan-2' }), now);
    store.recordImage('scan-2', image('a.jpg', 0), [finishedObject('o1', 0.3)]);
    expect(readObject(store.connection, 'scan-2', 'o1').decision?.verdict).toBe('ignored');
  });

  it('clears a verdict, and stores all that are given together or none', () => {
    store.recordImage('scan-1', image('a.jpg', 0), [finishedObject('o1', 0.25), finishedObject('o2', 0.25)]);
    store.decide('scan-1', [{ id: 'o1', decision: { verdict: 'ood' } }], now);
    store.connection.exec(`CREATE TEMP TRIGGER full BEFORE INSERT ON decision
      WHEN NEW.verdict = 'ignored' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
    const both = [
      { id: 'o1', decision: null },
      { id: 'o2', decision: { verdict: 'ignored' as const } },
    ];
    expect(() => store.decide('scan-1', both, now)).toThrow('the disk is full');
    expect(readObject(store.connection, 'scan-1', 'o1').decision).not.toBeNull();
    store.decide('scan-1', both.slice(0, 1), now);
    expect(readObject(store.connection, 'scan-1', 'o1').decision).toBeNull();
  });

  it('knows which files an engine was at work on when it ended', () => {
    store.markInFlight('scan-1', 'a.jpg');
    store.markInFlight('scan-1', 'b.jpg');
    store.recordImage('scan-1', image('a.jpg', 0), []);
    reopen();
    expect([...store.countInterrupted('scan-1')]).toEqual([['b.jpg', 1]]);
    expect([...store.countInterrupted('scan-1')], 'nobody worked on it since').toEqual([['b.jpg', 1]]);
    store.markInFlight('scan-1', 'b.jpg');
    expect([...store.countInterrupted('scan-1')]).toEqual([['b.jpg', 2]]);
  });

  it('counts no file whose work was given up in good order, and goes on counting one that was passed over', () => {
    store.markInFlight('scan-1', 'a.jpg');
    store.countInterrupted('scan-1');
    store.markInFlight('scan-1', 'a.jpg');
    store.markInFlight('scan-1', 'b.jpg');
    store.unmarkInFlight('scan-1');
    store.recordPassedOver('scan-1', 'a.jpg', 'It stops the engine');
    expect([...store.countInterrupted('scan-1')]).toEqual([['a.jpg', 1]]);
    expect(store.summary(reference).images.unreadable).toBe(1);
  });

  it('gives the right to work on a scan to one at a time, and calls a scan without a worker stopped', () => {
    expect(store.summary(reference).state).toBe('stopped');
    const lock = acquireScanLock(directory, 'scan-1');
    expect(acquireScanLock(directory, 'scan-1')).toBeNull();
    expect(acquireScanLock(directory, 'scan-2')).not.toBeNull();
    expect(store.summary(reference).state).toBe('scanning');
    lock?.release();
    expect(isScanRunning(directory, 'scan-1')).toBe(false);
    store.setState('scan-1', 'finished', now);
    expect(store.summary(reference).state).toBe('finished');
  });

  it('keeps what is said of a finished image while the rest is tried again', () => {
    store.recordImage('scan-1', image('a.jpg', 0), [], [{ file: 'a.jpg', reason: 'Box 1 has no area' }]);
    store.recordLeftOut('scan-1', [{ file: 'c.json', reason: 'It names b.jpg' }]);
    store.clearProblems('scan-1');
    const leftOut = () => resultsOf(store.connection, 'scan-1', 'all', 'uni-ood 0', now).leftOut;
    expect(leftOut()).toEqual([{ file: 'a.jpg', reason: 'Box 1 has no area' }]);
    store.dropImage('scan-1', 'a.jpg');
    expect(leftOut()).toEqual([]);
  });

  it('puts images in the order of the folder as it is now', () => {
    store.recordImage('scan-1', image('b.jpg', 0), []);
    store.recordImage('scan-1', image('c.jpg', 1), []);
    store.setPositions('scan-1', ['a.jpg', 'c.jpg', 'b.jpg']);
    store.recordImage('scan-1', image('a.jpg', 0), []);
    const { images } = resultsOf(store.connection, 'scan-1', 'all', 'uni-ood 0', now);
    expect(images.map(({ file }) => file)).toEqual(['a.jpg', 'c.jpg', 'b.jpg']);
  });

  it('serves two processes at once', () => {
    const other = ScanStore.open(directory);
    other.recordImage('scan-1', image('a.jpg', 0), [finishedObject('o1', 0.25)]);
    store.decide('scan-1', [{ id: 'o1', decision: { verdict: 'ood' } }], now);
    expect(readObject(other.connection, 'scan-1', 'o1').decision?.verdict).toBe('ood');
    other.close();
  });

  it('moves a damaged database aside and starts anew', () => {
    store.close();
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    writeFileSync(
      join(directory, databaseName),
      'this is no database, but it is long enough to look at '.repeat(40),
    );
    store = ScanStore.open(directory);
    expect(store.movedAside).toContain('damaged');
    expect(existsSync(store.movedAside!)).toBe(true);
    store.beginScan(newScan(), now);
  });

  it('leaves what is stored alone when the disk is full', () => {
    store.recordImage('scan-1', image('a.jpg', 0), [finishedObject('o1', 0.25)]);
    const { page_count: pages } = store.connection.prepare('PRAGMA page_count').get() as {
      page_count: number;
    };
    store.connection.exec(`PRAGMA max_page_count = ${pages}`);
    const large = finishedObject('o2', 0.5, { classScores: new Float32Array(100_000) });
    expect(() => store.recordImage('scan-1', image('b.jpg', 1), [large])).toThrow(/full/);
    expect(store.summary(reference).objects).toBe(1);
  });

  it('refuses a database of a newer version', () => {
    store.connection.exec('PRAGMA user_version = 99');
    store.close();
    expect(() => ScanStore.open(directory)).toThrow(/newer version.*Update UNI-OOD/);
    rmSync(directory, { recursive: true });
    directory = mkdtempSync(join(tmpdir(), 'store-'));
    store = ScanStore.open(directory);
  });
});

describe('exports', () => {
  beforeEach(() => {
    store.recordImage('scan-1', image('b.jpg', 1), [finishedObject('o1', 0.25, { label: '=cat, "big"' })]);
    store.recordImage('scan-1', image('a.jpg', 0), [finishedObject('o2', 0.75)]);
    store.recordUnreadable('scan-1', 'broken.jpg', 'Empty file');
    store.decide('scan-1', [{ id: 'o2', decision: { verdict: 'id', class: 'cat' } }], now);
  });

  const results = (only: 'all' | 'flagged' | 'reviewed') =>
    resultsOf(store.connection, 'scan-1', only, 'uni-ood 0', now);
  const schemaOf = (name: string): object =>
    JSON.parse(readFileSync(join(__dirname, `../../docs/schemas/${name}.schema.json`), 'utf8')) as object;
  const validates = (schema: object, document: unknown): boolean =>
    new Ajv({ strict: false, validateFormats: false }).validate(schema, document);

  it('list objects in the folder’s order, and only those asked for', () => {
    expect(results('all').objects.map(({ id }) => id)).toEqual(['o2', 'o1']);
    expect(results('flagged').objects.map(({ id }) => id)).toEqual(['o1']);
    expect(results('reviewed').objects.map(({ decision }) => decision?.verdict)).toEqual(['id']);
    expect(results('flagged').unreadable).toEqual([{ file: 'broken.jpg', reason: 'Empty file' }]);
  });

  it('hold to their published schemas', () => {
    expect(validates(schemaOf('results'), JSON.parse(formatResults(results('all'), 'json')))).toBe(true);
    expect(validates(schemaOf('results'), { ...results('all'), version: 2 })).toBe(false);
    const [explanation] = explanationsOf(store.connection, 'scan-1');
    expect(validates(schemaOf('explain'), explanation)).toBe(true);
    expect(explanation).toMatchObject({
      class: 'dog',
      omega: { target: [0.125, 0.375], background: [0.5, 0.5] },
      backgroundText: { cat: 0.5, dog: 0.5 },
    });
  });

  it('tell how far the scores speak against a label, in every format that carries it', () => {
    store.recordImage('scan-1', image('c.jpg', 2), [
      finishedObject('o3', 0.75, { label: 'Cat', classScores: Float32Array.of(0.25, 0.75) }),
      finishedObject('o4', 0.75, { ordinal: 2, label: 'dog', classScores: Float32Array.of(0.25, 0.75) }),
    ]);
    expect(results('all').objects.map(({ disagreement }) => disagreement)).toEqual([null, null, 0.5, 0]);
    expect(formatResults(results('all'), 'csv').split('\r\n')[3]).toMatch(/,0\.5$/);
    expect(formatResults(results('all'), 'coco')).toMatch(/"disagreement": ?0\.5/);
  });

  it('in CSV quote what needs it and run no formula', () => {
    const lines = formatResults(results('all'), 'csv').split('\r\n');
    expect(lines[0]).toMatch(/^id,image,x,y,width,height,score,flagged/);
    expect(lines[2]).toContain(`"'=cat, ""big"""`);
    expect(lines[1]).toContain(',id,cat,');
  });

  it('in COCO refer to images and categories that are there', () => {
    const document = JSON.parse(formatResults(results('all'), 'coco')) as {
      images: { id: number; file_name: string }[];
      categories: { id: number; name: string }[];
      annotations: { image_id: number; category_id: number; score: number }[];
    };
    const [first, second] = document.annotations;
    expect(document.images.find(({ id }) => id === first.image_id)?.file_name).toBe('a.jpg');
    expect(document.categories.find(({ id }) => id === first.category_id)?.name).toBe('cat');
    expect(document.categories.find(({ id }) => id === second.category_id)?.name).toBe('dog');
  });

  it('are written whole or not at all', async () => {
    const path = join(directory, 'out.json');
    await writeWhole(path, 'first');
    const failing = function* (): Generator<string> {
      yield 'half';
      throw new Error('stopped in the middle');
    };
    await expect(writeWhole(path, failing())).rejects.toThrow(
      'out.json could not be written: stopped in the middle',
    );
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
    await expect(writeWhole(join(directory, 'no/where.json'), 'x')).rejects.toThrow('could not be written');
  });
});
