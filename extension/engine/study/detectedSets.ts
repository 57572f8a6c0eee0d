import { basename, join, resolve } from 'node:path';
import type { Annotations } from '../../dataset/annotations/annotations';
import { findAnnotations } from '../../dataset/annotations/findAnnotations';
import { imageSize } from '../../dataset/images/imageSize';
import { comparableName } from '../../protocol/comparableName';
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
  isKnown: (label: string) => boolean;
  minimumSide: number;
}

/**
 * The object-level protocol of VOS: whatever the detector boxes on ID photos is positive, whatever it boxes on photos without
 * any known object is negative, and no box is matched to an annotation. ID photos are those with an annotated object of the
 * class list; photos of the OOD side that hold one are left out.
 *
 * @throws UserFacingError when a side has no photo.
 */
export async function gatherDetectedSets(
  { id, ood, isKnown, minimumSide }: DetectedFolders,
  detection: DetectionConfiguration,
  signal: AbortSignal,
): Promise<EvaluationData & { annotated: Map<string, number> }> {
  const options = { ...detection, scoreThreshold: lowestScore, minimumSide };
  const data: EvaluationData & { annotated: Map<string, number> } = {
    ...{ id: { folder: id, name: basename(resolve(id)), photos: [] }, ood: [], removed: [], problems: [] },
    annotated: new Map(),
  };
  const own = await readFolder(id, signal);
  data.problems.push(...own.problems);
  for (const { file, labels } of own.photos)
    if (labels.some(isKnown)) {
      data.id.photos.push(detectedPhoto(file, own.annotations, options));
      for (const label of labels.filter(isKnown))
        data.annotated.set(label, (data.annotated.get(label) ?? 0) + 1);
    }
  if (data.id.photos.length === 0)
    throw new UserFacingError(
      `${id} has no photo with an annotated object of the class list, which sets the detector's threshold. Check the class list and the labels.`,
    );
  for (const folder of ood.length > 0 ? ood : [id]) {
    const found = folder === id ? own : await readFolder(folder, signal);
    if (folder !== id) data.problems.push(...found.problems);
    const clean = found.photos.filter(({ labels }) => !labels.some(isKnown));
    const set: EvaluationSet = {
      folder,
      name: ood.length > 0 ? basename(resolve(folder)) : `other photos of ${basename(resolve(id))}`,
      photos: clean.map(({ file }) => detectedPhoto(file, found.annotations, options)),
    };
    if (folder !== id)
      for (const label of new Set(found.photos.flatMap(({ labels }) => labels.filter(isKnown)))) {
        const photos = found.photos.filter(({ labels }) => labels.includes(label)).length;
        data.removed.push({
          set: set.name,
          label,
          objects: photos,
          reason: 'photos that hold a known class',
        });
      }
    if (set.photos.length === 0)
      throw new UserFacingError(
        `${folder} has no photo without a known object. Name a folder of other things with --ood.`,
      );
    data.ood.push(set);
  }
  return data;
}

interface ReadPhoto {
  file: string;
  /** Of its annotated objects, one entry an object. */
  labels: string[];
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
    photos.push({ file, labels: said?.boxes.flatMap(({ label }) => label ?? []) ?? [] });
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
 * itself.
 *
 * @param form which of the studied forms names the classes.
 * @throws UserFacingError when no detection is right.
 */
export function detectorThreshold(
  id: StudiedSet,
  annotated: ReadonlyMap<string, number>,
  classes: readonly string[],
  form: number,
): number {
  const counts = classes.map((name) =>
    [...annotated].reduce(
      (sum, [label, objects]) => sum + (comparableName(label) === comparableName(name) ? objects : 0),
      0,
    ),
  );
  const threshold = meanMaxF1Threshold(
    id.objects.map(({ label, detectionScore, studied }) => {
      const predicted = studied.predicted[form];
      const isRight = label !== null && comparableName(label) === comparableName(classes[predicted]);
      return { score: detectionScore ?? 1, predicted, isRight };
    }),
    counts,
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
