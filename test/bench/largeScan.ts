import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { classListPresets } from '../../extension/dataset/classLists/presets';
import { ScanStore } from '../../extension/store/scanStore';
import { finishedImage, finishedObject, newScan } from '../fixtures/inventedRecords';

export const photos = 20_000;
export const objectsPerPhoto = 5;
export const objects = photos * objectsPerPhoto;
const classes = [...classListPresets.find(({ id }) => id === 'voc')!.names];

/** The store of a folder, to be filled for a bench alone: it does not wait for the disk. */
export function openFilledStore(folder: string): ScanStore {
  const directory = join(folder, '.uni-ood');
  mkdirSync(directory);
  const store = ScanStore.open(directory);
  store.connection.exec('PRAGMA synchronous = OFF');
  return store;
}

/**
 * Stores a scan of 100,000 objects.
 *
 * @param step another one gives other scores.
 * @param shift of all boxes, in pixels: 0 gives objects that are the same in several scans.
 * @param embeddings one an object, in the order they are stored; absent: all the same.
 */
export function fillScan(
  store: ScanStore,
  id: string,
  {
    step = 7919,
    shift = 0,
    embeddings,
  }: { step?: number; shift?: number; embeddings?: Generator<Float32Array, never> } = {},
): void {
  const now = new Date().toISOString();
  const size = classes.length;
  const scan = newScan({
    id,
    classes,
    grid: [7, 7],
    imagesTotal: photos,
    interTextAttention: new Float32Array(size * size).fill(1 / size),
    bundleThreshold: { ...newScan().bundleThreshold, value: 0.2 },
  });
  store.beginScan(scan, now);
  const tokens = new Float32Array(50).fill(0.02);
  for (let photo = 0; photo < photos; photo++) {
    const file = `part-${photo % 20}/${String(photo).padStart(12, '0')}.jpg`;
    const found = Array.from({ length: objectsPerPhoto }, (_, at) => {
      const number = photo * objectsPerPhoto + at;
      const score = 0.1 + ((number * step) % 4000) / 10_000;
      const classScores = Float32Array.from(
        { length: size },
        (__, c) => score - ((c * 7 + number) % 19) / 100,
      );
      return finishedObject(`object-${number}`, score, {
        decisionKey: `key-${number}-${shift}`,
        bbox: [18 * at + shift, 2, 16, 40],
        ordinal: at + 1,
        ...(embeddings ? { embedding: embeddings.next().value } : {}),
        predictedClass: number % size,
        label: number % 3 === 0 ? classes[(number + (number % 27 === 0 ? 1 : 0)) % size] : null,
        ...{ classScores, betaIntra: tokens, muTarget: tokens, betaInter: tokens, muBackground: tokens },
      });
    });
    store.recordImage(scan.id, finishedImage(file, photo), found);
  }
  store.setState(scan.id, 'finished', now);
}
