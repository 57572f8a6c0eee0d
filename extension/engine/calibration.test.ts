import { describe, expect, it } from 'vitest';
import { thresholdsByClass } from '../protocol/classThresholds';
import { calibratedThreshold } from './calibration';

const classes = ['cat', 'dog', 'eel'];
/** Forty cats from 0.3 and ten dogs from 0.1, a thousandth apart, two in a picture. */
const objects = [0, 1].flatMap((predictedClass) =>
  Array.from({ length: predictedClass === 0 ? 40 : 10 }, (_, k) => ({
    score: (predictedClass === 0 ? 0.3 : 0.1) + k / 1000,
    predictedClass,
    picture: `${predictedClass} ${k >> 1}`,
  })),
);

describe('the calibration of a scan', () => {
  const threshold = calibratedThreshold(objects, classes)!;

  it('offers a threshold for each class that has enough objects, and does not choose it', () => {
    expect(threshold.perClass).toMatchObject({ chosen: false, classes: [{ class: 'cat', objects: 40 }] });
    expect([...thresholdsByClass(threshold, classes)]).toEqual([
      threshold.value,
      threshold.value,
      threshold.value,
    ]);
  });

  it('says what is kept with one for all, and with one a class', () => {
    expect(threshold.origin).toBe(
      'Keeps 96.0 % of 50 annotated in-distribution objects in 25 photos; expect 4.0 % of such objects to be flagged.',
    );
    const chosen = { ...threshold, perClass: { ...threshold.perClass!, chosen: true } };
    const kept = objects.filter(
      ({ score, predictedClass }) => score >= thresholdsByClass(chosen, classes)[predictedClass],
    );
    expect(kept).toHaveLength(46);
    expect(threshold.perClass?.truePositiveRate).toBe(46 / 50);
    expect(threshold.perClass?.origin).toContain('Keeps 92.0 % of 50');
    expect(threshold.perClass?.origin).toContain('1 of 3 classes have 30 or more');
  });

  it('is refused for few', () => {
    expect(calibratedThreshold(objects.slice(0, 19), classes)).toBeNull();
  });
});
