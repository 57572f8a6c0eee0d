import { seededRandom } from './seededRandom';

/** Fewer ID objects than this say too little about δ. */
export const fewestCalibrationObjects = 20;
/** Below this a calibrated δ comes with a warning and its likely range. */
export const enoughCalibrationObjects = 100;
/** From here on δ moves little from one set of objects to the next. */
export const recommendedCalibrationObjects = 200;
/** A class with fewer calibration objects than this has no δ of its own. */
export const fewestClassObjects = 30;

/** The score of an annotated ID object, and the picture it is in: boxes of one picture are alike. */
export interface CalibrationScore {
  score: number;
  picture: string;
}

/** Where a class with enough calibration objects has its own δ. */
export interface ClassThreshold {
  predictedClass: number;
  /** Its δ less the common one: the class keeps this distance when δ is moved. */
  offset: number;
  objects: number;
}

export interface CalibratedThreshold {
  /** δ: the largest value that keeps at least the wanted share of the ID objects (score ≥ δ). */
  value: number;
  /** The share kept at δ. */
  truePositiveRate: number;
  objects: number;
  pictures: number;
  /** Central 90 % of δ over pictures drawn anew. */
  range: [number, number];
}

/**
 * δ at a true-positive rate: the largest score t with |{S ≥ t}| / n ≥ rate.
 *
 * @throws RangeError for an empty list, a score that is no number, or a rate outside (0, 1].
 */
export function thresholdAtTruePositiveRate(scores: ArrayLike<number>, rate: number): number {
  if (!(rate > 0 && rate <= 1))
    throw new RangeError(`A true-positive rate lies in (0, 1]; ${rate} does not.`);
  const sorted = Float64Array.from(scores).sort();
  if (sorted.length === 0) throw new RangeError('A threshold cannot be found without ID scores.');
  if (sorted.some(Number.isNaN)) throw new RangeError('An ID score is not a number.');
  // The tolerance keeps .95 · 20 = 19.000000000000004 from asking for a twentieth object.
  const kept = Math.ceil(rate * sorted.length - 1e-9);
  return sorted[sorted.length - kept];
}

/**
 * δ from ID calibration objects, with its range from a bootstrap over pictures.
 *
 * @returns null below `fewestCalibrationObjects`.
 */
export function calibrateThreshold(
  scores: readonly CalibrationScore[],
  rate: number,
  draws = 500,
): CalibratedThreshold | null {
  if (scores.length < fewestCalibrationObjects) return null;
  const values = scores.map(({ score }) => score);
  const value = thresholdAtTruePositiveRate(values, rate);
  const byPicture = grouped(scores, ({ picture }) => picture);
  return {
    value,
    truePositiveRate: values.filter((score) => score >= value).length / values.length,
    objects: scores.length,
    pictures: byPicture.size,
    range: bootstrapRange(
      [...byPicture.values()].map((objects) => objects.map(({ score }) => score)),
      rate,
      draws,
    ),
  };
}

/**
 * The δ of every class with `fewestClassObjects` or more, at the same true-positive rate as the common δ. Objects are
 * grouped by their predicted class, since that is what an object is flagged by: its label is not known then.
 *
 * @returns in the order of the classes; the share of all objects kept is told by `keptShare`.
 */
export function classThresholds(
  objects: readonly { score: number; predictedClass: number }[],
  common: number,
  rate: number,
): ClassThreshold[] {
  return [...grouped(objects, ({ predictedClass }) => predictedClass)]
    .filter(([, own]) => own.length >= fewestClassObjects)
    .sort(([one], [other]) => one - other)
    .map(([predictedClass, own]) => ({
      predictedClass,
      offset: offsetTo(
        thresholdAtTruePositiveRate(
          own.map(({ score }) => score),
          rate,
        ),
        common,
      ),
      objects: own.length,
    }));
}

/** The share of the objects at or above the δ of their predicted class. */
export function keptShare(
  objects: readonly { score: number; predictedClass: number }[],
  common: number,
  classes: readonly ClassThreshold[],
): number {
  const offsets = new Map(classes.map(({ predictedClass, offset }) => [predictedClass, offset]));
  const kept = objects.filter(
    ({ score, predictedClass }) => score >= common + (offsets.get(predictedClass) ?? 0),
  );
  return kept.length / objects.length;
}

/**
 * The share of new ID objects that is expected below δ. δ is itself a score of one of the n objects, so where k of them lie
 * below it, k + 1 of the n + 1 gaps between scores do, and a new object falls into any gap alike (order statistics).
 *
 * @param kept share of the objects at or above δ. @param thresholds how many there are, each of its own part of the objects.
 */
export function expectedFlaggedShare(objects: number, kept: number, thresholds = 1): number {
  const below = Math.round(objects * (1 - kept));
  return (below + thresholds) / (objects + thresholds);
}

/**
 * A whole number of millionths, one to two below the difference. δ of a class is the very score of an object: common plus
 * offset may not exceed it by a rounding error, in 64 bits or in 32.
 */
function offsetTo(own: number, common: number): number {
  return (Math.floor(1e6 * (own - common)) - 1) / 1e6;
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function bootstrapRange(pictures: number[][], rate: number, draws: number): [number, number] {
  const random = seededRandom(1); // the range of a threshold may not change from look to look
  const thresholds = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    const sample: number[] = [];
    for (let k = 0; k < pictures.length; k++)
      sample.push(...pictures[Math.floor(random() * pictures.length)]);
    thresholds[draw] = thresholdAtTruePositiveRate(sample, rate);
  }
  thresholds.sort();
  return [thresholds[Math.floor(0.05 * draws)], thresholds[Math.floor(0.95 * draws)]];
}
