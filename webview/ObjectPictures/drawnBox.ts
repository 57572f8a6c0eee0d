import type { ObjectDetail } from '../../extension/protocol/scan';
import { isFlagged } from '../../extension/protocol/classThresholds';
import { t } from '../words/localise';
import { formatScore } from '../words/numbers';

/** The box of an object over its photo, in CSS pixels of the picture. */
export interface DrawnBox {
  readonly id: string;
  readonly focused: boolean;
  readonly flagged: boolean;
  readonly score: number;
  /** “sofa 0.351”; “≈ sofa 0.098” where it is flagged, and so only closest to the class. */
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
      ...said(predictedClass, score, isFlagged(score, thresholdOf(predictedClass))),
      id,
      focused: id === detail.id,
      score,
      x: (bbox[0] - left) * scale,
      y: (bbox[1] - top) * scale,
      width: bbox[2] * scale,
      height: bbox[3] * scale,
    }))
    .sort((one, other) => Number(one.focused) - Number(other.focused) || area(other) - area(one));
}

function said(name: string, score: number, flagged: boolean): Pick<DrawnBox, 'flagged' | 'name' | 'spoken'> {
  const shown = formatScore(score);
  return {
    flagged,
    name: `${flagged ? '≈ ' : ''}${name} ${shown}`,
    spoken: `${flagged ? t('closest to {0}', name) : name}, ${t('score {0}', shown)}`,
  };
}

const area = (box: { width: number; height: number }): number => box.width * box.height;
