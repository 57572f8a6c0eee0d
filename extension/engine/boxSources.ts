import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AnnotationProblem, Annotations } from '../dataset/annotations/annotations';
import { findAnnotations, readBoxes } from '../dataset/annotations/findAnnotations';
import type { AnnotationSource } from '../protocol/annotationSource';
import type { DetectionConfiguration } from '../protocol/methodConfiguration';
import { UserFacingError } from '../protocol/userFacingError';
import { exists } from '../store/exists';
import type { Detection } from '../towers/detectors/detector';
import type { DetectPhoto } from './detectionCache';
import type { BoxedObject } from './identifiedObjects';
import { matchLabels } from './labelMatching';

/** What finding the boxes of a photo takes. */
export interface PhotoToBox {
  facts: { width: number; height: number; sha256: string };
  detect(detection: DetectionConfiguration, classes: readonly string[]): Promise<Detection[]>;
}

/** Where the boxes of a scan come from. */
export interface BoxSource {
  /** What the configuration records: `detector`, `annotations`, or the SHA-256 of the named file. */
  identity: string;
  /** For a person. */
  origin: string;
  /** The annotations that boxes or labels come from; null: there are none. */
  annotations: AnnotationSource | null;
  /** Whether the dataset says which class its objects are. */
  hasLabels: boolean;
  boxesOf(file: string, photo: PhotoToBox): Promise<BoxedImage>;
  /** What could not be used of the annotation files as a whole. */
  problems: readonly AnnotationProblem[];
}

/** The objects of an image, and what of its annotations could not be used. */
export interface BoxedImage {
  objects: BoxedObject[];
  problems: AnnotationProblem[];
}

/**
 * @param spec `detector`, `annotations`, or a file or folder with boxes: seen from the working directory, else from the scanned folder.
 * @param images files of the folder.
 * @param detect draws the boxes where the detector is to.
 * @throws UserFacingError when there are no such boxes.
 */
export async function openBoxSource(
  spec: string,
  folder: string,
  images: readonly string[],
  detect: DetectPhoto,
): Promise<BoxSource> {
  if (spec !== 'detector' && spec !== 'annotations') {
    const path = (await exists(resolve(spec))) ? resolve(spec) : resolve(folder, spec);
    const given = await readBoxes(path, folder, images);
    return givenBoxes(given, path, await identityOf(given.source), folder, []);
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
    return givenBoxes(annotations, null, 'annotations', folder, problems);
  }
  return detectedBoxes(detect, annotations, folder, problems);
}

function withProblems(message: string, problems: readonly AnnotationProblem[]): string {
  return [message, ...problems.map(({ file, reason }) => `${file}: ${reason}`)].join(' ');
}

/** With given boxes no detector runs; an image of which nothing is said has no object. */
function givenBoxes(
  given: Annotations,
  named: string | null,
  identity: string,
  folder: string,
  problems: readonly AnnotationProblem[],
): BoxSource {
  return {
    identity,
    origin: `${given.format} boxes (${given.source})`,
    annotations: { format: given.format, named },
    hasLabels: given.classNames.length > 0,
    problems: asNamed([...problems, ...given.problems], folder),
    async boxesOf(file, { facts }) {
      const said = await given.boxesOf(file, facts.width, facts.height);
      const fileWideIds = given.format === 'COCO' || given.format === 'COCO results';
      const objects = (said?.boxes ?? []).map(({ id, box, label, score, decision }) => ({
        box,
        label,
        detectionScore: score,
        givenId: fileWideIds ? id : `${file}#${id}`,
        ...(decision ? { decision } : {}),
      }));
      return { objects, problems: asNamed(said?.problems ?? [], folder) };
    },
  };
}

/** Where the detector finds nothing, the whole image is the object. Labels come from annotations that overlap. */
function detectedBoxes(
  detect: DetectPhoto,
  annotations: Annotations | undefined,
  folder: string,
  problems: readonly AnnotationProblem[],
): BoxSource {
  return {
    identity: 'detector',
    origin: 'detector',
    annotations: annotations ? { format: annotations.format, named: null } : null,
    hasLabels: annotations !== undefined && annotations.classNames.length > 0,
    problems: asNamed([...problems, ...(annotations?.problems ?? [])], folder),
    async boxesOf(file, photo) {
      const { width, height } = photo.facts;
      const whole = { box: { x: 0, y: 0, width, height }, score: null };
      const found = await detect(photo);
      const detections = found.length > 0 ? found : [whole];
      const annotated = await annotations?.boxesOf(file, width, height);
      const labels = matchLabels(
        detections.map(({ box }) => box),
        annotated?.boxes ?? [],
      );
      const objects = detections.map(({ box, score }, at) => ({
        box,
        label: labels[at],
        detectionScore: score,
        givenId: null,
      }));
      return { objects, problems: asNamed(annotated?.problems ?? [], folder) };
    },
  };
}

/** Annotation files are named as images are: relative to the folder, where they lie in it. */
function asNamed(problems: readonly AnnotationProblem[], folder: string): AnnotationProblem[] {
  return problems.map(({ file, reason }) => {
    const inside = isAbsolute(file) ? relative(folder, file) : file;
    const isInside = !inside.startsWith('..') && !isAbsolute(inside);
    return { file: isInside ? inside.split(sep).join('/') : file, reason };
  });
}

async function identityOf(source: string): Promise<string> {
  const hash = createHash('sha256');
  if ((await stat(source)).isDirectory()) hash.update(source);
  else await pipeline(createReadStream(source), hash);
  return hash.digest('hex');
}
