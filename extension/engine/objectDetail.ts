import { join } from 'node:path';
import { decodeImage, UnreadableImageError } from '../dataset/images/decodeImage';
import type { ObjectDetail } from '../protocol/scan';
import { annotatedReader } from '../store/annotatedObjects';
import {
  readImage,
  readImageObjects,
  readObject,
  type StoredImage,
  type StoredObject,
} from '../store/objectQueries';
import { combinedWeights } from '../store/results';
import type { StoredScan } from '../store/scanQueries';
import type { ScanStore } from '../store/scanStore';
import { exists } from '../store/exists';
import type { PictureCache } from './pictures';

/** Everything the screen shows of one object. Maps and scores come from the store: no model runs. */
export async function objectDetail(
  store: ScanStore,
  pictures: PictureCache,
  folder: string,
  scanId: string,
  id: string,
): Promise<ObjectDetail> {
  const scan = store.scan(scanId);
  const object = readObject(store.connection, scanId, id);
  const image = readImage(store.connection, scanId, object.file);
  const siblings = readImageObjects(store.connection, scanId, object.file);
  const problem = await ensurePictures(pictures, folder, image, object);
  const whole: [number, number, number, number] = [0, 0, image.width, image.height];
  const rendition = async (source: string, rectangle: ObjectDetail['bbox']) =>
    (await exists(source)) ? { source, rectangle } : null;
  return {
    id: object.id,
    file: object.file,
    ordinal: object.ordinal,
    bbox: object.bbox,
    imageSize: { width: image.width, height: image.height },
    label: object.label,
    annotated: annotatedReader(scan)(object.label),
    detectionScore: object.detectionScore,
    score: object.score,
    predictedClass: scan.classes[object.predictedClass],
    classScores: Array.from(object.classScores),
    baselines: object.baselines,
    decision: object.decision,
    maps: mapsOf(object, scan),
    backgroundText: backgroundTextOf(object, siblings, scan),
    objectsInPhoto: siblings.map((sibling) => ({
      id: sibling.id,
      bbox: sibling.bbox,
      score: sibling.score,
      predictedClass: scan.classes[sibling.predictedClass],
      verdict: sibling.decision?.verdict ?? null,
    })),
    crop: await rendition(pictures.cropPath(object.decisionKey, object.crop), object.crop),
    photo: await rendition(pictures.photoPath(image.sha256), whole),
    photoProblem: problem,
  };
}

/** @returns what is wrong with the photo, for a person; null when all is well. */
async function ensurePictures(
  pictures: PictureCache,
  folder: string,
  image: StoredImage,
  object: StoredObject,
): Promise<string | null> {
  const [hasCrop, hasPhoto] = await Promise.all([
    exists(pictures.cropPath(object.decisionKey, object.crop)),
    exists(pictures.photoPath(image.sha256)),
  ]);
  if (hasCrop && hasPhoto) return null;
  try {
    const decoded = await decodeImage(join(folder, image.file));
    if (decoded.sha256 !== image.sha256)
      return 'This photo changed since the scan. Scan the folder again to see it.';
    if (!hasCrop) await pictures.writeCrop(decoded.image, object.decisionKey, object.crop);
    if (!hasPhoto) await pictures.writePhoto(decoded.image, image.sha256);
    return null;
  } catch (error) {
    if (!(error instanceof UnreadableImageError)) throw error;
    return `This photo was moved or deleted since the scan, or cannot be read any more: ${error.message}.`;
  }
}

function mapsOf(object: StoredObject, scan: StoredScan): ObjectDetail['maps'] {
  const { betaIntra, betaInter, muTarget, muBackground } = object;
  const list = (values: Float32Array | null): number[] | null => values && Array.from(values);
  return {
    grid: scan.grid,
    betaIntra: Array.from(betaIntra),
    muTarget: Array.from(muTarget),
    omegaTarget: Array.from(combinedWeights(betaIntra, muTarget)),
    betaInter: list(betaInter),
    muBackground: list(muBackground),
    omegaBackground: list(betaInter && combinedWeights(betaInter, muBackground)),
  };
}

function backgroundTextOf(
  object: StoredObject,
  siblings: readonly StoredObject[],
  scan: StoredScan,
): ObjectDetail['backgroundText'] {
  const count = scan.classes.length;
  const others = new Set(
    siblings.filter(({ id }) => id !== object.id).map(({ predictedClass }) => predictedClass),
  );
  return scan.classes
    .map((name, other) => ({
      class: name,
      weight: scan.interTextAttention[other * count + object.predictedClass],
      inPhoto: others.has(other),
    }))
    .sort((a, b) => b.weight - a.weight);
}
