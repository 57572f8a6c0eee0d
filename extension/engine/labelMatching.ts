import type { Box } from '../pipeline/image';
import { intersectionOverUnion } from '../towers/detectors/nonMaximumSuppression';

/** An annotated object of an image. */
export interface LabelledBox {
  box: Box;
  label: string | null;
}

/** Detections that overlap an annotated box at least so much carry its label. */
export const minimumLabelOverlap = 0.5;

/** The dataset's label of each detected box, by `matchBoxes`; null where no annotated box matches. */
export function matchLabels(
  detections: readonly Box[],
  annotated: readonly LabelledBox[],
): (string | null)[] {
  const matches = matchBoxes(
    detections,
    annotated.map(({ box }) => box),
  );
  return matches.map((at) => (at === null ? null : annotated[at].label));
}

/**
 * Which annotated box each detection is: matched greedily, largest intersection over union first, each once; of equal
 * overlaps the first boxes.
 *
 * @returns one place in `annotated` a detection; null where none overlaps it by `minimumOverlap`.
 */
export function matchBoxes(
  detections: readonly Box[],
  annotated: readonly Box[],
  minimumOverlap = minimumLabelOverlap,
): (number | null)[] {
  const pairs: { detection: number; annotation: number; overlap: number }[] = [];
  detections.forEach((detection, row) =>
    annotated.forEach((box, column) => {
      const overlap = intersectionOverUnion(detection, box);
      if (overlap >= minimumOverlap) pairs.push({ detection: row, annotation: column, overlap });
    }),
  );
  pairs.sort((a, b) => b.overlap - a.overlap || a.detection - b.detection || a.annotation - b.annotation);
  const matches = new Array<number | null>(detections.length).fill(null);
  const matched = new Set<number>();
  const taken = new Set<number>();
  for (const { detection, annotation } of pairs) {
    if (matched.has(detection) || taken.has(annotation)) continue;
    matches[detection] = annotation;
    matched.add(detection);
    taken.add(annotation);
  }
  return matches;
}
