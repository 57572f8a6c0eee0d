import { estimateThreshold, fewestScores, type EstimatedThreshold } from '../pipeline/estimatedThreshold';
import type { Threshold } from '../protocol/scan';
import { allScores } from '../store/objectQueries';
import type { ScanStore } from '../store/scanStore';

/** Estimates δ of a scan whose model brings none from the scores it has so far, and stores it. */
export function estimate(store: ScanStore, scanId: string): void {
  const scores = allScores(store.connection, scanId);
  const found = estimateThreshold(scores);
  store.setEstimate(scanId, found && described(found, scores.length));
}

/**
 * Whether δ is worth another estimate: at twenty objects, forty, eighty and so on, so that the list of a running scan
 * does not change all the time.
 *
 * @param before, now how many objects there were and are.
 */
export function isEstimateDue(before: number, now: number): boolean {
  const stepsUpTo = (objects: number): number => Math.floor(Math.log2(objects / fewestScores));
  return now >= fewestScores && (before < fewestScores || stepsUpTo(now) > stepsUpTo(before));
}

function described({ value, below, form }: EstimatedThreshold, objects: number): Threshold {
  const how =
    form === 'gap'
      ? `the gap between two groups of scores, ${below} of ${objects} objects below it`
      : `the lowest ${below} of ${objects}, since they show no gap`;
  return {
    value,
    source: 'estimated',
    truePositiveRate: null,
    origin: `Estimated from this folder's scores: ${how}.`,
    warning: `Estimated from this folder's scores, not calibrated: ${how}. Move it, or scan a folder with 20 or more annotated objects of your classes.`,
  };
}
