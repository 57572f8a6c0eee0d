import { objectId } from '../dataset/objectIdentity';
import type { Box } from '../pipeline/image';
import type { BoundingBox, Decision } from '../protocol/results';
import type { FinishedObject } from '../store/records';
import { coveredPixels } from '../towers/preprocessing/geometry';

/** An object of an image as it was found. */
export interface BoxedObject {
  box: Box;
  label: string | null;
  detectionScore: number | null;
  /** The id a file gave it; null: one is made from the image and the box. */
  givenId: string | null;
  /** What a reviewer said of it where its box comes from. */
  decision?: Decision;
}

/** All that is known of an object before it is scored. */
export interface IdentifiedObject {
  box: Box;
  /** What is stored of it whatever its score. */
  identity: Pick<
    FinishedObject,
    'id' | 'decisionKey' | 'ordinal' | 'bbox' | 'label' | 'detectionScore' | 'crop' | 'givenDecision'
  >;
}

/** Rounded as ids round, so that a box which is written down and read again has the same id. */
const rounded = (value: number): number => Number(value.toFixed(2));

/**
 * A box to a hundredth of a pixel and inside the image: what is stored, named and scored, so that it reads the same
 * wherever it is written and its score does not depend on digits that nobody sees.
 */
function recordedBox(box: Box, imageWidth: number, imageHeight: number): Box {
  const [x, y] = [rounded(box.x), rounded(box.y)];
  return {
    x,
    y,
    width: Math.min(rounded(box.width), rounded(imageWidth - x)),
    height: Math.min(rounded(box.height), rounded(imageHeight - y)),
  };
}

/**
 * Names the objects of an image of `width` × `height` pixels.
 *
 * @param sha256 of the image file.
 * @param boxMargin share of its sides by which a box grows to become the crop.
 */
export function identifyObjects(
  { file, sha256, width, height }: { file: string; sha256: string; width: number; height: number },
  objects: readonly BoxedObject[],
  boxMargin: number,
): IdentifiedObject[] {
  const repetitions = new Map<string, number>();
  return objects.map(({ box: found, label, detectionScore, givenId, decision }, at) => {
    const box = recordedBox(found, width, height);
    const bbox: BoundingBox = [box.x, box.y, box.width, box.height];
    const repetition = repetitions.get(bbox.join()) ?? 0;
    repetitions.set(bbox.join(), repetition + 1);
    const decisionKey = objectId(file, sha256, box, repetition);
    const { left, top, right, bottom } = coveredPixels(box, boxMargin, width, height);
    return {
      box,
      identity: {
        id: givenId ?? decisionKey,
        decisionKey,
        ordinal: at + 1,
        bbox,
        label,
        detectionScore,
        crop: [left, top, right - left, bottom - top],
        ...(decision ? { givenDecision: decision } : {}),
      },
    };
  });
}
