/** A detection on an ID photo, with the class it was given and whether an annotated object of that class is there. */
export interface JudgedDetection {
  /** Of the detector. */
  score: number;
  /** Index into the class list. */
  predicted: number;
  /** It overlaps an annotated object of this class that no better detection overlaps. */
  isRight: boolean;
}

/**
 * The detector's score threshold by ID validation, as VOS sets it: the mean over classes of the score at which a class's F1
 * is largest. Classes without an annotated object or a right detection say nothing.
 *
 * @param annotated objects of each class.
 * @returns null where no class says anything.
 */
export function meanMaxF1Threshold(
  detections: readonly JudgedDetection[],
  annotated: readonly number[],
): number | null {
  const best = annotated.flatMap((objects, label) => {
    const own = detections.filter(({ predicted }) => predicted === label);
    const threshold = objects > 0 ? maxF1Threshold(own, objects) : null;
    return threshold === null ? [] : [threshold];
  });
  return best.length === 0 ? null : best.reduce((sum, threshold) => sum + threshold, 0) / best.length;
}

/** The largest score threshold with the largest F1; null without a right detection. */
function maxF1Threshold(detections: readonly JudgedDetection[], objects: number): number | null {
  const sorted = [...detections].sort((one, other) => other.score - one.score);
  let right = 0;
  let best: { f1: number; score: number } | null = null;
  sorted.forEach(({ score, isRight }, at) => {
    if (isRight) right++;
    if (sorted[at + 1]?.score === score) return; // a threshold keeps all of equal scores
    const f1 = (2 * right) / (at + 1 + objects);
    if (right > 0 && (best === null || f1 > best.f1)) best = { f1, score };
  });
  return (best as { score: number } | null)?.score ?? null;
}
