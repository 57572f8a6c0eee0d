import { comparableName } from '../protocol/comparableName';
import {
  calibrateThreshold,
  enoughCalibrationObjects,
  recommendedCalibrationObjects,
} from '../pipeline/threshold';
import type { Threshold } from '../protocol/scan';
import { labelledScores } from '../store/objectQueries';
import type { ScanStore } from '../store/scanStore';

/** The share of annotated ID objects that stay unflagged. */
const truePositiveRate = 0.95;

/**
 * Calibrates δ on the scan's own objects that carry a label of the class list, where there are enough, and stores it
 * with their scores.
 */
export function calibrate(store: ScanStore, scanId: string): void {
  const scan = store.scan(scanId);
  const known = new Set(scan.classes.map(comparableName));
  const scores = labelledScores(store.connection, scanId)
    .filter(({ label }) => known.has(comparableName(label)))
    .map(({ score, file }) => ({ score, picture: file }));
  const calibrated = calibrateThreshold(scores, truePositiveRate);
  const threshold: Threshold | null = calibrated && {
    value: calibrated.value,
    source: 'calibrated',
    truePositiveRate: calibrated.truePositiveRate,
    origin: `Keeps ${percent(calibrated.truePositiveRate)} of ${calibrated.objects} annotated in-distribution objects in ${calibrated.pictures} photos; expect ${percent(1 - calibrated.truePositiveRate)} of such objects to be flagged.`,
    warning:
      calibrated.objects < enoughCalibrationObjects
        ? `Measured on ${calibrated.objects} objects only: on others like them it would lie between ${calibrated.range[0].toFixed(3)} and ${calibrated.range[1].toFixed(3)}. ${recommendedCalibrationObjects} are recommended.`
        : null,
  };
  store.setCalibration(
    scanId,
    threshold,
    threshold ? Float32Array.from(scores, ({ score }) => score) : new Float32Array(),
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
