import { join } from 'node:path';
import type { AnnotationProblem } from '../../dataset/annotations/annotations';
import { findAnnotations } from '../../dataset/annotations/findAnnotations';
import { imageSize } from '../../dataset/images/imageSize';
import type { Box } from '../../pipeline/image';
import { openBoxSource } from '../boxSources';
import { imagesOf } from '../imagesOf';

/** A photo with the boxes that its dataset gives, before it is decoded. */
export interface LabelledPhoto {
  file: string;
  objects: {
    box: Box;
    label: string | null;
    /** Belongs to no class, whatever its label. */
    isOutside?: boolean;
  }[];
}

export interface LabelledFolder {
  folder: string;
  photos: LabelledPhoto[];
  /** For a person: where the boxes come from. */
  origin: string;
  /** Pixels; boxes with a shorter side are left out. */
  minimumSide: number;
  problems: AnnotationProblem[];
}

/**
 * What a folder says of its photos, from the headers of its files alone.
 *
 * @param boxes `annotations`, `image` (every photo is one object, labelled by its folder's name where folders are named
 *   after classes), or a file or folder with boxes.
 * @param minimumSide boxes with a shorter side, in pixels, are left out.
 * @throws UserFacingError when there is no image or no annotation.
 */
export async function readLabelledFolder(
  folder: string,
  boxes: string,
  minimumSide: number,
  signal: AbortSignal,
): Promise<LabelledFolder> {
  const files = (await imagesOf(folder, signal)).images.map(({ file }) => file);
  if (boxes === 'image') return wholePhotos(folder, files, signal);
  const source = await openBoxSource(boxes, folder, files, () => {
    throw new Error('labelled boxes are given, not detected');
  });
  const { origin } = source;
  const found: LabelledFolder = { folder, photos: [], origin, minimumSide, problems: [...source.problems] };
  for (const file of files) {
    signal.throwIfAborted();
    const size = await imageSize(join(folder, file));
    if (!size) {
      found.problems.push({ file, reason: 'It is not a readable image' });
      continue;
    }
    const { objects, problems } = await source.boxesOf(file, {
      facts: { ...size, sha256: '' },
      detect: () => Promise.resolve([]),
    });
    found.problems.push(...problems);
    const large = objects.filter(({ box }) => Math.min(box.width, box.height) >= minimumSide);
    if (large.length > 0)
      found.photos.push({ file, objects: large.map(({ box, label }) => ({ box, label })) });
  }
  return found;
}

/**
 * Every photo as one object. Its label is that of its annotations where they agree; photos whose annotations name several
 * things say nothing on the level of images and are left out.
 */
async function wholePhotos(
  folder: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<LabelledFolder> {
  const { annotations, problems } = await findAnnotations(folder, files);
  const origin = 'whole photos';
  const found: LabelledFolder = { folder, photos: [], origin, minimumSide: 0, problems: [...problems] };
  let ambiguous = 0;
  for (const file of files) {
    signal.throwIfAborted();
    const size = await imageSize(join(folder, file));
    if (!size) {
      found.problems.push({ file, reason: 'It is not a readable image' });
      continue;
    }
    const said = await annotations?.boxesOf(file, size.width, size.height);
    const labels = new Set(said?.boxes.flatMap(({ label }) => label ?? []));
    if (labels.size > 1) ambiguous++;
    else
      found.photos.push({ file, objects: [{ box: { x: 0, y: 0, ...size }, label: [...labels][0] ?? null }] });
  }
  if (ambiguous > 0)
    found.problems.push({
      file: folder,
      reason: `${ambiguous} photos with objects of several labels are left out of the image level`,
    });
  return found;
}
