import { basename, join, resolve } from 'node:path';
import type { Annotations } from '../../dataset/annotations/annotations';
import { findAnnotations } from '../../dataset/annotations/findAnnotations';
import { imageSize } from '../../dataset/images/imageSize';
import { labelMeanings, type LabelMeanings } from '../../protocol/classNames';
import { labelReader } from '../../protocol/labelDisagreement';
import { meanMaxF1Threshold } from '../../evaluation/detectionThreshold';
import type { DetectionConfiguration } from '../../protocol/methodConfiguration';
import { UserFacingError } from '../../protocol/userFacingError';
import { matchLabels } from '../labelMatching';
import type { EvaluationData, EvaluationPhoto, EvaluationSet, StudiedSet } from './evaluateFolders';
import { imagesOf } from '../imagesOf';

/** Detections below this are not looked at; ID validation sets the threshold above it. */
const lowestScore = 0.05;
/** What a detector boxes in a photo, before anyone knows. */
const usualDetections = 10;

export interface DetectedFolders {
  id: string;
  /** Empty: photos of the ID folder without an object of the class list. */
  ood: readonly string[];
  classes: readonly string[];
  minimumSide: number;
}

/**
 * The object-level protocol of VOS: whatever the detector boxes on ID photos is positive, whatever it boxes on photos without
 * any known object is negative, and no box is matched to an annotation. ID photos are those with an annotated object of the
 * class list; photos of the OOD side that hold one, or could, are left out, and in the ID folder those of which no annotation says anything.
 *
 * @throws UserFacingError when a side has no photo.
 */
export async function gatherDetectedSets(
  { id, ood, classes, minimumSide }: DetectedFolders,
  detection: DetectionConfiguration,
  signal: AbortSignal,
): Promise<DetectedData> {
  const options = { ...detection, scoreThreshold: lowestScore, minimumSide };
  const meaningOf = labelMeanings(classes);
  const placeOf = labelReader(classes);
  const data: DetectedData & { annotated: Map<string, number[]> } = {
    ...{ id: { folder: id, name: basename(resolve(id)), photos: [] }, ood: [], removed: [], problems: [] },
    annotated: new Map(),
  };
  const own = await readFolder(id, signal);
  data.problems.push(...own.problems);
  for (const photo of own.photos) {
    const places = (photo.labels ?? []).flatMap((label) => placeOf(label) ?? []);
    if (places.length > 0) data.id.photos.push(detectedPhoto(photo.file, own.annotations, options));
    data.annotated.set(photo.file, places);
  }
  if (data.id.photos.length === 0)
    throw new UserFacingError(
      `${id} has no photo with an annotated object of the class list, which sets the detector's threshold. Check the class list and the labels.`,
    );
  for (const folder of ood.length > 0 ? ood : [id]) {
    const found = folder === id ? own : await readFolder(folder, signal);
    if (folder !== id) data.problems.push(...found.problems);
    // In the ID folder a photo of which nothing is said may hold anything; a folder of other things is taken at its word.
    const clean = found.photos.filter(({ labels }) =>
      labels === null ? folder !== id : labels.every((label) => meaningOf(label).is === 'outside'),
    );
    const unsaid = folder === id ? found.photos.filter(({ labels }) => labels === null).length : 0;
    if (unsaid > 0)
      data.problems.push({
        file: folder,
        reason: `Photos of which no annotation says anything are not measured: ${unsaid}`,
      });
    const set: EvaluationSet = {
      folder,
      name: ood.length > 0 ? basename(resolve(folder)) : `other photos of ${basename(resolve(id))}`,
      photos: clean.map(({ file }) => detectedPhoto(file, found.annotations, options)),
    };
    if (folder !== id) data.removed.push(...removedPhotos(set.name, found.photos, meaningOf));
    if (set.photos.length === 0)
      throw new UserFacingError(
        `${folder} has no photo without a known object. Name a folder of other things with --ood.`,
      );
    data.ood.push(set);
  }
  return data;
}

/** The sides of a comparison, and the classes of the annotated objects of each photo of the ID folder, one entry an object. */
export interface DetectedData extends EvaluationData {
  annotated: ReadonlyMap<string, readonly number[]>;
}

interface ReadPhoto {
  file: string;
  /** Of its annotated objects, one entry an object; null: no annotation says anything of it. */
  labels: string[] | null;
}

/** Labels for which photos are left out of an OOD folder. */
function removedPhotos(
  set: string,
  photos: readonly ReadPhoto[],
  meaningOf: LabelMeanings,
): EvaluationData['removed'] {
  const labels = new Set(photos.flatMap((photo) => photo.labels ?? []));
  return [...labels].flatMap((label) => {
    const meaning = meaningOf(label);
    if (meaning.is === 'outside') return [];
    const objects = photos.filter((photo) => photo.labels?.includes(label)).length;
    const reason = `photos that ${meaning.is === 'class' ? 'hold' : 'could hold'} a known class`;
    return [{ set, label, objects, reason }];
  });
}

async function readFolder(
  folder: string,
  signal: AbortSignal,
): Promise<{
  photos: ReadPhoto[];
  annotations: Annotations | undefined;
  problems: EvaluationData['problems'];
}> {
  const files = (await imagesOf(folder, signal)).images.map(({ file }) => file);
  const { annotations, problems } = await findAnnotations(folder, files);
  const photos: ReadPhoto[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const size = await imageSize(join(folder, file));
    if (!size) {
      problems.push({ file, reason: 'It is not a readable image' });
      continue;
    }
    const said = await annotations?.boxesOf(file, size.width, size.height);
    photos.push({ file, labels: said ? said.boxes.flatMap(({ label }) => label ?? []) : null });
  }
  return { photos, annotations, problems };
}

function detectedPhoto(
  file: string,
  annotations: Annotations | undefined,
  options: DetectionConfiguration,
): EvaluationPhoto {
  return {
    file,
    expectedObjects: usualDetections,
    async find(photo) {
      const detections = await photo.detect(options, []);
      const { width, height } = photo.facts;
      const annotated = await annotations?.boxesOf(file, width, height);
      const labels = matchLabels(
        detections.map(({ box }) => box),
        annotated?.boxes ?? [],
      );
      const objects = detections.map(({ box, score }, at) => ({
        box,
        label: labels[at],
        detectionScore: score,
      }));
      return { objects, objectsInPhoto: objects.length };
    },
  };
}

/**
 * The detector's threshold from what it boxed on the ID photos. Its classes are those the method gives, since it names none
 * itself. Photos that tuning has seen, or that cannot be read, have no detections, so their annotated objects do not count.
 *
 * @param annotated classes of the annotated objects of each photo. @param form which of the studied forms names the classes.
 * @throws UserFacingError when no detection is right.
 */
export function detectorThreshold(
  id: StudiedSet,
  annotated: DetectedData['annotated'],
  classes: readonly string[],
  form: number,
): number {
  const placeOf = labelReader(classes);
  const objects = classes.map(() => 0);
  for (const file of id.measured) for (const place of annotated.get(file) ?? []) objects[place]++;
  const threshold = meanMaxF1Threshold(
    id.objects.map(({ label, detectionScore, studied }) => {
      const predicted = studied.predicted[form];
      const isRight = placeOf(label) === predicted;
      return { score: detectionScore ?? 1, predicted, isRight };
    }),
    objects,
  );
  if (threshold === null)
    throw new UserFacingError(
      `The detector found no annotated object of ${id.set.folder} under its class, so its threshold cannot be set. Use --boxes annotations.`,
    );
  return threshold;
}

/** What the detector is sure enough of. */
export function keepDetected(studied: StudiedSet, threshold: number): StudiedSet {
  return {
    ...studied,
    objects: studied.objects.filter(({ detectionScore }) => (detectionScore ?? 1) >= threshold),
  };
}
