import { describe, expect, it } from 'vitest';
import { TimeLeft } from './timeLeft';

describe('time left', () => {
  it('says nothing before it knows', () => {
    const timeLeft = new TimeLeft(() => 0);
    timeLeft.imageFinished();
    timeLeft.imageFinished();
    expect(timeLeft.secondsFor(10)).toBeNull();
  });

  it('follows the pace of the last images, not of the first', () => {
    let now = 0;
    const timeLeft = new TimeLeft(() => now, 4);
    for (const step of [0, 60_000, 100, 100, 100, 100]) {
      now += step;
      timeLeft.imageFinished();
    }
    expect(timeLeft.secondsFor(30)).toBeCloseTo(3, 9);
  });
});
