import { labelReader } from '../protocol/labelDisagreement';
import {
  calibrateThreshold,
  classThresholds,
  enoughCalibrationObjects,
  expectedFlaggedShare,
  fewestCalibrationObjects,
  fewestClassObjects,
  keptShare,
  recommendedCalibrationObjects,
} from '../pipeline/threshold';
import type { Threshold } from '../protocol/scan';
import { UserFacingError } from '../protocol/userFacingError';
import { inOneStep } from '../store/database';
import { labelledScores } from '../store/objectQueries';
import type { StoredScan } from '../store/scanQueries';
import type { ScanStore } from '../store/scanStore';

/** An annotated ID object. */
export interface CalibrationObject {
  score: number;
  /** Index into the class list. */
  predictedClass: number;
  picture: string;
}

/** The labelled ID objects of a scan. */
interface CalibrationObjects {
  objects: CalibrationObject[];
  /** How many more there are in photos that its combiner was tuned on: they say nothing of others. */
  tunedOn: number;
}

/**
 * Calibrates δ at the scan's rate on its own objects that carry a label of the class list, where there are enough, and
 * stores it with their scores; beside it the δ of every class that has enough of them by itself.
 *
 * @returns why there is no such δ, for a person; null where there is one, or no object of the class list.
 */
export function calibrate(store: ScanStore, scanId: string): string | null {
  const scan = store.scan(scanId);
  const { objects, tunedOn } = calibrationObjects(store, scan);
  const threshold = calibratedThreshold(objects, scan.classes, scan.truePositiveRate, tunedOn);
  store.setCalibration(scanId, threshold, threshold ? objects : []);
  return threshold || objects.length + tunedOn === 0 ? null : tooFew({ objects, tunedOn });
}

/**
 * Calibrates δ of a stored scan anew, at another rate and on the objects it holds; one that was set by hand is taken back.
 *
 * @param rate in (0, 1].
 * @throws UserFacingError where it was not calibrated before, or cannot be any more; nothing is changed then.
 */
export function recalibrate(store: ScanStore, scanId: string, rate: number): void {
  const scan = store.scan(scanId);
  const found = calibrationObjects(store, scan);
  const threshold = calibratedThreshold(found.objects, scan.classes, rate, found.tunedOn);
  if (!threshold) throw new UserFacingError(tooFew(found));
  // A scan that is not at its end is calibrated there, on all of its objects.
  if (scan.measuredThreshold.source !== 'calibrated')
    throw new UserFacingError('δ is not calibrated yet: that is done when the scan has ended.');
  if (scan.configuration.combiner && store.tunedPictures(scanId).size === 0)
    throw new UserFacingError(
      'It is not stored which photos the combiner of this scan was tuned on. Scan the folder again, which computes nothing twice, and choose then.',
    );
  inOneStep(store.connection, () => {
    store.setTruePositiveRate(scanId, rate);
    store.setCalibration(scanId, threshold, found.objects);
  });
}

function calibrationObjects(store: ScanStore, { id, classes }: StoredScan): CalibrationObjects {
  const placeOf = labelReader(classes);
  const tunedPictures = store.tunedPictures(id);
  const labelled = labelledScores(store.connection, id).filter(({ label }) => placeOf(label) !== null);
  const objects = labelled
    .filter(({ sha256 }) => !tunedPictures.has(sha256))
    .map(({ score, predictedClass, file }) => ({ score, predictedClass, picture: file }));
  return { objects, tunedOn: labelled.length - objects.length };
}

function tooFew({ objects, tunedOn }: CalibrationObjects): string {
  return `δ was not calibrated: that takes ${fewestCalibrationObjects} annotated in-distribution objects, and the folder has ${objects.length}${tunedOn > 0 ? ` besides ${tunedOn} in photos that the combiner was tuned on` : ''}.`;
}

/**
 * δ and the δ of classes at a true-positive rate, in words too.
 *
 * @param rate in (0, 1].
 * @param tunedOn how many more there are that a combiner was tuned on.
 * @returns null where there are too few objects.
 */
export function calibratedThreshold(
  objects: readonly CalibrationObject[],
  classes: readonly string[],
  rate: number,
  tunedOn = 0,
): Threshold | null {
  const calibrated = calibrateThreshold(objects, rate);
  if (!calibrated) return null;
  const { value, objects: count, pictures, range } = calibrated;
  const own = classThresholds(objects, value, rate);
  const keptByClass = keptShare(objects, value, own);
  const withOwn = own.reduce((sum, { objects }) => sum + objects, 0);
  const thresholds = own.length + (withOwn < count ? 1 : 0);
  const keeps = (share: number, of = 1): string =>
    `Keeps ${percent(share)} of ${count} annotated in-distribution objects in ${pictures} photos; expect ${percent(expectedFlaggedShare(count, share, of))} of such objects to be flagged.${tunedOn > 0 ? ` Left out: ${tunedOn} objects of photos that the combiner was tuned on.` : ''}`;
  return {
    value,
    source: 'calibrated',
    truePositiveRate: calibrated.truePositiveRate,
    calibratedAt: rate,
    origin: keeps(calibrated.truePositiveRate),
    warning:
      count < enoughCalibrationObjects
        ? `Measured on ${count} objects only: on others like them it would lie between ${range[0].toFixed(3)} and ${range[1].toFixed(3)}. ${recommendedCalibrationObjects} are recommended.`
        : null,
    perClass: {
      chosen: false,
      truePositiveRate: keptByClass,
      origin: `${keeps(keptByClass, thresholds)} ${own.length} of ${classes.length} classes have ${fewestClassObjects} or more of them and a threshold of their own.`,
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
