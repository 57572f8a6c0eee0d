import type { AnnotatedBox, ImageAnnotations } from '../../dataset/annotations/annotations';
import type { Box } from '../../pipeline/image';
import type { BoundingBox } from '../../protocol/results';
import type { StoredImage } from '../../store/objectQueries';
import { intersectionOverUnion } from '../../towers/detectors/nonMaximumSuppression';
import { matchBoxes, minimumLabelOverlap } from '../labelMatching';
import type { EditableAnnotations } from './scanAnnotations';

/** A box that was written down and read again overlaps itself at least so much, whatever was rounded. */
const sameBoxOverlap = 0.95;

/** An object as far as it is matched with annotations. */
interface MatchedObject {
  id: string;
  bbox: BoundingBox;
}

/** What the annotation file of a photo says now of the objects of a scan. */
export interface MatchedPhoto {
  /** The file that holds them. */
  source: string;
  /** One entry an object; null where the file does not hold it any more, or never did. */
  matches: (AnnotatedBox | null)[];
}

/**
 * Which annotation each object of a photo is. Given boxes are known by their id where the format has ids, else by their
 * box; detected ones by the overlap that gave them their label.
 *
 * @returns undefined where no file says anything of the photo.
 */
export async function matchPhoto(
  annotations: EditableAnnotations,
  { file, width, height }: Pick<StoredImage, 'file' | 'width' | 'height'>,
  objects: readonly MatchedObject[],
  isDetected: boolean,
): Promise<MatchedPhoto | undefined> {
  const said: ImageAnnotations | undefined = await annotations.boxesOf(file, width, height);
  if (said?.source === undefined) return undefined;
  return { source: said.source, matches: matchObjects(objects, said.boxes, isDetected) };
}

function matchObjects(
  objects: readonly MatchedObject[],
  annotated: readonly AnnotatedBox[],
  isDetected: boolean,
): (AnnotatedBox | null)[] {
  const matches = new Map<MatchedObject, AnnotatedBox>();
  const byId = new Map(annotated.map((one) => [one.id, one]));
  for (const object of objects) {
    const same = byId.get(object.id);
    if (same && intersectionOverUnion(boxOf(object), same.box) >= minimumLabelOverlap)
      matches.set(object, same);
  }
  const taken = new Set(matches.values());
  const left = objects.filter((object) => !matches.has(object));
  const free = annotated.filter((one) => !taken.has(one));
  const overlap = isDetected ? minimumLabelOverlap : sameBoxOverlap;
  matchBoxes(
    left.map(boxOf),
    free.map(({ box }) => box),
    overlap,
  ).forEach((at, row) => at !== null && matches.set(left[row], free[at]));
  return objects.map((object) => matches.get(object) ?? null);
}

function boxOf({ bbox: [x, y, width, height] }: MatchedObject): Box {
  return { x, y, width, height };
}
