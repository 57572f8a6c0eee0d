import type { Box } from '../pipeline/image';
import { intersectionOverUnion } from '../towers/detectors/nonMaximumSuppression';

/** An annotated object of an image. */
export interface LabelledBox {
  box: Box;
  label: string | null;
}

/** Detections that overlap an annotated box at least so much carry its label. */
export const minimumLabelOverlap = 0.5;

/**
 * The dataset's label of each detected box: annotated boxes are matched greedily, largest intersection over union
 * first, each once, at `minimumLabelOverlap` or more.
 *
 * @returns one entry a detection; null where no annotated box matches.
 */
export function matchLabels(
  detections: readonly Box[],
  annotated: readonly LabelledBox[],
): (string | null)[] {
  const pairs: { detection: number; annotation: number; overlap: number }[] = [];
  detections.forEach((detection, row) =>
    annotated.forEach(({ box }, column) => {
      const overlap = intersectionOverUnion(detection, box);
      if (overlap >= minimumLabelOverlap) pairs.push({ detection: row, annotation: column, overlap });
    }),
  );
  pairs.sort((a, b) => b.overlap - a.overlap || a.detection - b.detection || a.annotation - b.annotation);
  const labels = new Array<string | null>(detections.length).fill(null);
  const matched = new Set<number>();
  const taken = new Set<number>();
  for (const { detection, annotation } of pairs) {
    if (matched.has(detection) || taken.has(annotation)) continue;
    labels[detection] = annotated[annotation].label;
    matched.add(detection);
    taken.add(annotation);
  }
  return labels;
}
