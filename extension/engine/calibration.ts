import { comparableName } from '../protocol/comparableName';
import {
  calibrateThreshold,
  classThresholds,
  enoughCalibrationObjects,
  fewestClassObjects,
  keptShare,
  recommendedCalibrationObjects,
} from '../pipeline/threshold';
import type { Threshold } from '../protocol/scan';
import { labelledScores } from '../store/objectQueries';
import type { ScanStore } from '../store/scanStore';

/** The share of annotated ID objects that stay unflagged. */
const truePositiveRate = 0.95;

/** An annotated ID object. */
export interface CalibrationObject {
  score: number;
  /** Index into the class list. */
  predictedClass: number;
  picture: string;
}

/**
 * Calibrates δ on the scan's own objects that carry a label of the class list, where there are enough, and stores it
 * with their scores; beside it the δ of every class that has enough of them by itself.
 */
export function calibrate(store: ScanStore, scanId: string): void {
  const scan = store.scan(scanId);
  const known = new Set(scan.classes.map(comparableName));
  const objects = labelledScores(store.connection, scanId)
    .filter(({ label }) => known.has(comparableName(label)))
    .map(({ score, predictedClass, file }) => ({ score, predictedClass, picture: file }));
  const threshold = calibratedThreshold(objects, scan.classes);
  store.setCalibration(scanId, threshold, threshold ? objects : []);
}

/** δ and the δ of classes, in words too. @returns null where there are too few objects. */
export function calibratedThreshold(
  objects: readonly CalibrationObject[],
  classes: readonly string[],
): Threshold | null {
  const calibrated = calibrateThreshold(objects, truePositiveRate);
  if (!calibrated) return null;
  const { value, objects: count, pictures, range } = calibrated;
  const own = classThresholds(objects, value, truePositiveRate);
  const keptByClass = keptShare(objects, value, own);
  const keeps = (share: number): string =>
    `Keeps ${percent(share)} of ${count} annotated in-distribution objects in ${pictures} photos; expect ${percent(1 - share)} of such objects to be flagged.`;
  return {
    value,
    source: 'calibrated',
    truePositiveRate: calibrated.truePositiveRate,
    origin: keeps(calibrated.truePositiveRate),
    warning:
      count < enoughCalibrationObjects
        ? `Measured on ${count} objects only: on others like them it would lie between ${range[0].toFixed(3)} and ${range[1].toFixed(3)}. ${recommendedCalibrationObjects} are recommended.`
        : null,
    perClass: {
      chosen: false,
      truePositiveRate: keptByClass,
      origin: `${keeps(keptByClass)} ${own.length} of ${classes.length} classes have ${fewestClassObjects} or more of them and a threshold of their own.`,
      classes: own.map(({ predictedClass, offset, objects }) => ({
        class: classes[predictedClass],
        offset,
        objects,
      })),
    },
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
