import type { Box } from '../../pipeline/image';
import type { AnnotationFormat } from '../../protocol/annotationSource';
import type { Decision } from '../../protocol/results';

/** An annotated or given object of an image. */
export interface AnnotatedBox {
  /** As the file has it; counted from 1 where it has none. */
  id: string;
  label: string | null;
  /** In pixels of the image, cut at its edges. */
  box: Box;
  /** The score of a detector, where the file holds detections. */
  score: number | null;
  /** What a reviewer said of the object, where UNI-OOD exported it. */
  decision?: Decision;
  /**
   * Its place in the file that holds it, from 0: in the list of annotations, among the lines, among the objects. Absent
   * where the format holds no text of its own for each object.
   */
  entry?: number;
}

export interface AnnotationProblem {
  /** The annotation file, or the image that an annotation names. */
  file: string;
  reason: string;
}

/** What a dataset says of one image. */
export interface ImageAnnotations {
  /** In the order of the file. */
  boxes: AnnotatedBox[];
  /** What could not be used. */
  problems: AnnotationProblem[];
  /** The file that holds the boxes; absent where there is none. */
  source?: string;
}

/** Objects of a dataset as its annotation files give them. Broken parts are told as problems, the rest is used. */
export interface Annotations {
  format: AnnotationFormat;
  /** The file or folder they are read from. */
  source: string;
  classNames: readonly string[];
  /** The file that numbers the classes, where they have numbers in one of their own. */
  namesFile?: string;
  /**
   * The objects of an image; undefined where nothing is said of it.
   *
   * @param file relative to the scanned folder, with `/`. @param width @param height of the image in pixels.
   */
  boxesOf(file: string, width: number, height: number): Promise<ImageAnnotations | undefined>;
  /** Problems of the files as a whole; those of an image come with it. */
  readonly problems: readonly AnnotationProblem[];
}

/**
 * Cuts a box at the image.
 *
 * @returns the box, or why there is none: it has no size, lies outside, or has a side below a pixel.
 */
export function usableBox(box: Box, imageWidth: number, imageHeight: number): Box | string {
  const sides = [box.x, box.y, box.width, box.height];
  if (!sides.every(Number.isFinite)) return 'has a side that is not a number';
  if (!(box.width > 0 && box.height > 0)) return `has no area (${box.width} × ${box.height})`;
  const x = Math.max(box.x, 0);
  const y = Math.max(box.y, 0);
  const width = Math.min(box.x + box.width, imageWidth) - x;
  const height = Math.min(box.y + box.height, imageHeight) - y;
  if (!(width > 0 && height > 0)) return `lies outside the image (${imageWidth} × ${imageHeight} pixels)`;
  if (width < 1 || height < 1)
    return `is smaller than a pixel in the image (${shortened(width)} × ${shortened(height)})`;
  return { x, y, width, height };
}

const shortened = (value: number): string => String(Number(value.toPrecision(2)));

/** Keeps the usable boxes of an image; each of the others becomes a problem of `file`. @param source the file that holds them. */
export function usableBoxes(
  boxes: readonly AnnotatedBox[],
  width: number,
  height: number,
  file: string,
  source?: string,
): ImageAnnotations {
  const usable: ImageAnnotations = { boxes: [], problems: [], ...(source === undefined ? {} : { source }) };
  for (const annotated of boxes) {
    const box = usableBox(annotated.box, width, height);
    if (typeof box === 'string')
      usable.problems.push({ file, reason: `Box ${annotated.id} ${box}; it is left out` });
    else usable.boxes.push({ ...annotated, box });
  }
  return usable;
}
