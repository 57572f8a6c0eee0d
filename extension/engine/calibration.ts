import { labelReader } from '../protocol/labelDisagreement';
import {
  calibrateThreshold,
  classThresholds,
  enoughCalibrationObjects,
  fewestCalibrationObjects,
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
 *
 * @param tunedPictures SHA-256 of the photos that the scan's combiner was tuned on: their objects say nothing of others.
 * @returns why there is no such δ, for a person; null where there is one, or no object of the class list.
 */
export function calibrate(
  store: ScanStore,
  scanId: string,
  tunedPictures: ReadonlySet<string>,
): string | null {
  const scan = store.scan(scanId);
  const placeOf = labelReader(scan.classes);
  const labelled = labelledScores(store.connection, scanId).filter(({ label }) => placeOf(label) !== null);
  const objects = labelled
    .filter(({ sha256 }) => !tunedPictures.has(sha256))
    .map(({ score, predictedClass, file }) => ({ score, predictedClass, picture: file }));
  const tunedOn = labelled.length - objects.length;
  const threshold = calibratedThreshold(objects, scan.classes, tunedOn);
  store.setCalibration(scanId, threshold, threshold ? objects : []);
  if (threshold || labelled.length === 0) return null;
  return `δ was not calibrated: that takes ${fewestCalibrationObjects} annotated in-distribution objects, and the folder has ${objects.length}${tunedOn > 0 ? ` besides ${tunedOn} in photos that the combiner was tuned on` : ''}.`;
}

/**
 * δ and the δ of classes, in words too.
 *
 * @param tunedOn how many more there are that a combiner was tuned on.
 * @returns null where there are too few objects.
 */
export function calibratedThreshold(
  objects: readonly CalibrationObject[],
  classes: readonly string[],
  tunedOn = 0,
): Threshold | null {
  const calibrated = calibrateThreshold(objects, truePositiveRate);
  if (!calibrated) return null;
  const { value, objects: count, pictures, range } = calibrated;
  const own = classThresholds(objects, value, truePositiveRate);
  const keptByClass = keptShare(objects, value, own);
  const keeps = (share: number): string =>
    `Keeps ${percent(share)} of ${count} annotated in-distribution objects in ${pictures} photos; expect ${percent(1 - share)} of such objects to be flagged.${tunedOn > 0 ? ` Left out: ${tunedOn} objects of photos that the combiner was tuned on.` : ''}`;
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
