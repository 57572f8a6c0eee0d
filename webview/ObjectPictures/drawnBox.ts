import type { ObjectDetail } from '../../extension/protocol/scan';
import { isFlagged } from '../../extension/protocol/classThresholds';
import { formatScore } from '../words/numbers';

/** The box of an object over its photo, in CSS pixels of the picture. */
export interface DrawnBox {
  readonly id: string;
  readonly focused: boolean;
  readonly flagged: boolean;
  readonly score: number;
  /** “sofa 0.098” */
  readonly name: string;
  readonly spoken: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The boxes of a photo's objects in the order they are drawn: the focused one over all, small ones over large ones. */
export function drawnBoxes(
  detail: ObjectDetail,
  thresholdOf: (className: string) => number,
  scale: number,
): DrawnBox[] {
  const [left, top] = detail.photo?.rectangle ?? [0, 0];
  return detail.objectsInPhoto
    .map(({ id, bbox, score, predictedClass }) => ({
      id,
      focused: id === detail.id,
      flagged: isFlagged(score, thresholdOf(predictedClass)),
      score,
      name: `${predictedClass} ${formatScore(score)}`,
      spoken: `${predictedClass}, score ${formatScore(score)}`,
      x: (bbox[0] - left) * scale,
      y: (bbox[1] - top) * scale,
      width: bbox[2] * scale,
      height: bbox[3] * scale,
    }))
    .sort((one, other) => Number(one.focused) - Number(other.focused) || area(other) - area(one));
}

const area = (box: { width: number; height: number }): number => box.width * box.height;
