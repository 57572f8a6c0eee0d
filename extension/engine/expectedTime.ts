import { modelSize } from '../hub/bundleManifest';
import { largestShared } from './models/workerPlan';
import type { BackgroundView } from '../pipeline/configuration';
import type { BoxSource } from './boxSources';
import type { ModelWorkers } from './models/modelWorkers';

/** What one photo took, in seconds. */
export interface TimedPhoto {
  /** To open it and to box its objects. */
  boxing: number;
  objects: number;
  /** To score so many of its objects. */
  scoring: number;
  scored: number;
}

/** Objects of the timed photo that are scored for it; what they give is not kept. */
export const scoredForTime = 2;

/** Whether a photo takes so long with these models that a person should know before the scan. */
export function takesLong({ bundle, detector }: ModelWorkers, boxes: BoxSource): boolean {
  const asksSlowDetector = boxes.identity === 'detector' && detector.detector.kind === 'owl';
  return asksSlowDetector || modelSize(bundle.manifest.vision) > largestShared;
}

/**
 * Seconds a photo will take: a pass of the tower for each object, one for its background or for the photo they share, and
 * one for the blurred photo.
 */
export function secondsAPhoto(
  { boxing, objects, scoring, scored }: TimedPhoto,
  background: BackgroundView,
): number {
  const views = (count: number): number =>
    count === 0 ? 0 : background === 'shared' ? count + 2 : 2 * count + 1;
  return boxing + (scored === 0 ? 0 : (scoring * views(objects)) / views(scored));
}
