import type { Box } from '../../pipeline/image';
import type { Detection, DetectionOptions } from './detector';

/**
 * What is kept of raw detections: boxes cut at the image, long enough on both sides, certain enough, and of those that
 * overlap only the most certain one. Overlap is counted across classes, since a thing is kept once.
 */
export function keepDetections(
  detections: readonly Detection[],
  options: DetectionOptions,
  imageWidth: number,
  imageHeight: number,
): Detection[] {
  const candidates = detections
    .filter(({ score }) => score >= options.scoreThreshold)
    .map(({ box, score }) => ({ box: cutAtImage(box, imageWidth, imageHeight), score }))
    .filter(({ box }) => Math.min(box.width, box.height) >= options.minimumSide)
    .sort((a, b) => b.score - a.score); // stable: equal scores keep the order of the grid
  const kept: Detection[] = [];
  for (const candidate of candidates) {
    if (kept.length === options.maximumObjects) break;
    if (kept.every(({ box }) => intersectionOverUnion(box, candidate.box) <= options.overlapThreshold))
      kept.push(candidate);
  }
  return kept;
}

function cutAtImage(box: Box, imageWidth: number, imageHeight: number): Box {
  const x = Math.max(box.x, 0);
  const y = Math.max(box.y, 0);
  return {
    x,
    y,
    width: Math.min(box.x + box.width, imageWidth) - x,
    height: Math.min(box.y + box.height, imageHeight) - y,
  };
}

/** |a ∩ b| / |a ∪ b|, in [0, 1]. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  return intersection / (a.width * a.height + b.width * b.height - intersection);
}
