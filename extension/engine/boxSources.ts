import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Annotations } from '../dataset/annotations/annotations';
import { findAnnotations, readBoxes } from '../dataset/annotations/findAnnotations';
import type { RgbImage } from '../pipeline/image';
import type { DetectionConfiguration } from '../protocol/methodConfiguration';
import type { UnreadableFile } from '../protocol/results';
import { UserFacingError } from '../protocol/userFacingError';
import type { Detector } from '../towers/detectors/detector';
import { matchLabels } from './labelMatching';
import type { BoxedObject } from './scanImage';

/** Where the boxes of a scan come from. */
export interface BoxSource {
  /** What the configuration records: `detector`, `annotations`, or the SHA-256 of the named file. */
  identity: string;
  /** For a person. */
  origin: string;
  /** Whether the dataset says which class its objects are. */
  hasLabels: boolean;
  boxesOf(file: string, image: RgbImage): Promise<BoxedObject[]>;
  /** Annotation files and entries that could not be used, so far. */
  problems(): UnreadableFile[];
}

/**
 * @param spec `detector`, `annotations`, or a file or folder with boxes.
 * @param images files of the folder.
 * @throws UserFacingError when there are no such boxes.
 */
export async function openBoxSource(
  spec: string,
  folder: string,
  images: readonly string[],
  detector: Detector | null,
  detection: DetectionConfiguration,
): Promise<BoxSource> {
  if (spec !== 'detector' && spec !== 'annotations') {
    const path = resolve(folder, spec);
    const given = await readBoxes(
      (await stat(resolve(spec)).catch(() => undefined)) ? resolve(spec) : path,
      folder,
      images,
    );
    return givenBoxes(given, await identityOf(given.source), []);
  }
  const { annotations, problems } = await findAnnotations(folder, images);
  if (spec === 'annotations') {
    if (!annotations)
      throw new UserFacingError(
        withProblems(
          `No annotations were found in ${folder}. Use the detector, or name a file with boxes.`,
          problems,
        ),
      );
    return givenBoxes(annotations, 'annotations', problems);
  }
  if (!detector)
    throw new UserFacingError(
      'This model has no detector. Use the annotations of the folder, name a file with boxes, or choose another model.',
    );
  return detectedBoxes(detector, detection, annotations, problems);
}

function withProblems(message: string, problems: readonly UnreadableFile[]): string {
  return [message, ...problems.map(({ reason }) => reason)].join(' ');
}

/** With given boxes no detector runs; an image of which nothing is said has no object. */
function givenBoxes(given: Annotations, identity: string, problems: readonly UnreadableFile[]): BoxSource {
  return {
    identity,
    origin: `${given.format} boxes (${given.source})`,
    hasLabels: given.classNames.length > 0,
    problems: () => [...problems, ...given.problems],
    async boxesOf(file, image) {
      const boxes = (await given.boxesOf(file, image.width, image.height)) ?? [];
      const fileWideIds = given.format === 'COCO' || given.format === 'COCO results';
      return boxes.map(({ id, box, label, score }) => ({
        box,
        label,
        detectionScore: score,
        givenId: fileWideIds ? id : `${file}#${id}`,
      }));
    },
  };
}

/** Where the detector finds nothing, the whole image is the object. Labels come from annotations that overlap. */
function detectedBoxes(
  detector: Detector,
  detection: DetectionConfiguration,
  annotations: Annotations | undefined,
  problems: readonly UnreadableFile[],
): BoxSource {
  return {
    identity: 'detector',
    origin: 'detector',
    hasLabels: annotations !== undefined && annotations.classNames.length > 0,
    problems: () => [...problems, ...(annotations?.problems ?? [])],
    async boxesOf(file, image) {
      const whole = { box: { x: 0, y: 0, width: image.width, height: image.height }, score: null };
      const found = await detector.detect(image, detection);
      const detections = found.length > 0 ? found : [whole];
      const annotated = (await annotations?.boxesOf(file, image.width, image.height)) ?? [];
      const labels = matchLabels(
        detections.map(({ box }) => box),
        annotated,
      );
      return detections.map(({ box, score }, at) => ({
        box,
        label: labels[at],
        detectionScore: score,
        givenId: null,
      }));
    },
  };
}

async function identityOf(source: string): Promise<string> {
  const entry = await stat(source);
  const content = entry.isDirectory() ? source : await readFile(source);
  return createHash('sha256').update(content).digest('hex');
}
