import { seededRandom } from './seededRandom';

/** Fewer ID objects than this say too little about δ. */
export const fewestCalibrationObjects = 20;
/** Below this a calibrated δ comes with a warning and its likely range. */
export const enoughCalibrationObjects = 100;
/** From here on δ moves little from one set of objects to the next. */
export const recommendedCalibrationObjects = 200;

/** The score of an annotated ID object, and the picture it is in: boxes of one picture are alike. */
export interface CalibrationScore {
  score: number;
  picture: string;
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
  rate = 0.95,
  draws = 500,
): CalibratedThreshold | null {
  if (scores.length < fewestCalibrationObjects) return null;
  const values = scores.map(({ score }) => score);
  const value = thresholdAtTruePositiveRate(values, rate);
  const byPicture = new Map<string, number[]>();
  for (const { score, picture } of scores) byPicture.set(picture, [...(byPicture.get(picture) ?? []), score]);
  return {
    value,
    truePositiveRate: values.filter((score) => score >= value).length / values.length,
    objects: scores.length,
    pictures: byPicture.size,
    range: bootstrapRange([...byPicture.values()], rate, draws),
  };
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
