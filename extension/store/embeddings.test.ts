import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishedImage, finishedObject, newScan } from '../../test/fixtures/inventedRecords';
import { seededRandom } from '../pipeline/seededRandom';
import { directionOf, readDirections } from './embeddings';
import { changedAt, keepLikeness, readKeptLikeness } from './keptLikeness';
import { ScanStore } from './scanStore';

const now = '2026-01-02T03:04:05.000Z';
const later = '2026-01-02T03:04:06.000Z';
const scanId = 'scan-1';
let directory: string;
let store: ScanStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'embeddings-'));
  store = ScanStore.open(directory);
  store.beginScan(newScan(), now);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

let paused = 0;
const read = () => readDirections(store.connection, scanId, () => Promise.resolve(void paused++));
const record = (file: string, position: number, ...embeddings: number[][]): number =>
  store.recordImage(
    scanId,
    finishedImage(file, position),
    embeddings.map((embedding, at) =>
      finishedObject(`${file} ${at}`, 0.5, { embedding: Float32Array.from(embedding) }),
    ),
  );
const stored = (): number =>
  (store.connection.prepare('SELECT count(*) FROM embedding').raw().get() as [number])[0];

describe('a direction', () => {
  it('takes all of a byte, and keeps the cosine of two vectors to a thousandth', () => {
    expect([...directionOf(Float32Array.of(0.3, -0.15, 0))]).toEqual([127, -63, 0]);
    expect([...directionOf(new Float32Array(2))]).toEqual([0, 0]);
    const random = seededRandom(5);
    const draw = () => Float32Array.from({ length: 512 }, () => random() - 0.3);
    const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
      const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
        Array.from(x).reduce((sum, value, k) => sum + value * y[k], 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    for (let pair = 0; pair < 20; pair++) {
      const [one, other] = [draw(), draw()];
      const kept = cosine(directionOf(one), directionOf(other));
      expect(Math.abs(kept - cosine(one, other))).toBeLessThan(0.001);
    }
  });
});

describe('directions of a scan', () => {
  it('come in the order the objects were scanned, over a restart, with a pause between pieces', async () => {
    record('b.jpg', 1, [0.6, 0.8], [-1, 0.5]);
    record('a.jpg', 0, [0, 2]);
    store.close();
    store = ScanStore.open(directory);
    paused = 0;
    const { objects, positions, width, directions } = await read();
    expect([objects, width, paused]).toEqual([3, 2, 1]);
    expect([...positions]).toEqual([0, 1, 2]);
    expect([...directions]).toEqual([95, 127, -127, 64, 0, 127]);
  });

  it('go with their objects: positions follow each other where an image was dropped', async () => {
    record('a.jpg', 0, [1, 0], [0, 1]);
    record('b.jpg', 1, [1, 1]);
    store.dropImage(scanId, 'a.jpg');
    const { objects, positions, directions } = await read();
    expect([objects, ...positions, ...directions]).toEqual([1, 0, 127, 127]);
    expect(stored()).toBe(1);
    store.removeScan(scanId);
    expect(stored()).toBe(0);
  });

  it('are those there are: an older scan has none, one that went on has some', async () => {
    record('a.jpg', 0, [1, 0], [0, 1]);
    store.connection.exec('DELETE FROM embedding'); // as a scan of an older version left it
    expect(await read()).toMatchObject({ objects: 2, width: 0, positions: new Uint32Array() });
    record('b.jpg', 1, [1, 0]);
    expect(await read()).toMatchObject({ objects: 3, width: 2, positions: Uint32Array.of(2) });
  });
});

describe('groups that are kept', () => {
  it('are there again over a restart, and gone with the first object that changes', () => {
    record('a.jpg', 0, [1, 0], [0, 1]);
    store.setState(scanId, 'finished', now);
    keepLikeness(store.connection, scanId, Uint32Array.of(0, 0), changedAt(store.connection, scanId));
    store.close();
    store = ScanStore.open(directory);
    expect(readKeptLikeness(store.connection, scanId)).toEqual(Uint32Array.of(0, 0));
    record('b.jpg', 1, [1, 0]);
    expect(readKeptLikeness(store.connection, scanId)).toBeUndefined();
  });

  it('are not kept of a scan that was begun again since its objects were read', () => {
    record('a.jpg', 0, [1, 0]);
    const since = changedAt(store.connection, scanId);
    store.beginScan(newScan(), later);
    keepLikeness(store.connection, scanId, Uint32Array.of(0), since);
    keepLikeness(store.connection, scanId, Uint32Array.of(0), undefined);
    expect(readKeptLikeness(store.connection, scanId)).toBeUndefined();
  });
});
