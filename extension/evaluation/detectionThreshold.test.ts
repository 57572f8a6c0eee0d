import { describe, expect, it } from 'vitest';
import { meanMaxF1Threshold } from './detectionThreshold';

const detection = (predicted: number, score: number, isRight: boolean) => ({ predicted, score, isRight });

describe('the detector’s threshold by ID validation', () => {
  it('is the mean over classes of the score of the largest F1', () => {
    const detections = [
      // Two objects: F1 at .9 is 2/3, at .8 it is 2/4, at .7 it is 4/5, at .6 4/6.
      detection(0, 0.9, true),
      detection(0, 0.8, false),
      detection(0, 0.7, true),
      detection(0, 0.6, false),
      // One object: F1 at .5 is 1.
      detection(1, 0.5, true),
      detection(1, 0.4, false),
    ];
    expect(meanMaxF1Threshold(detections, [2, 1])).toBeCloseTo((0.7 + 0.5) / 2, 12);
  });

  it('passes over classes that say nothing', () => {
    const detections = [detection(0, 0.5, true), detection(1, 0.9, false), detection(2, 0.9, true)];
    expect(meanMaxF1Threshold(detections, [1, 1, 0])).toBe(0.5);
    expect(meanMaxF1Threshold([], [1, 1, 0])).toBeNull();
  });

  it('keeps all of equal scores', () => {
    const detections = [detection(0, 0.5, false), detection(0, 0.5, true), detection(0, 0.3, true)];
    expect(meanMaxF1Threshold(detections, [2])).toBe(0.3); // F1 2/4 at .5, 4/5 at .3
  });
});
