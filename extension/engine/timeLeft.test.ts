import { describe, expect, it } from 'vitest';
import { TimeLeft } from './timeLeft';

describe('time left', () => {
  it('says nothing before it knows', () => {
    const timeLeft = new TimeLeft(() => 0);
    timeLeft.imageFinished();
    timeLeft.imageFinished();
    expect(timeLeft.secondsFor(10)).toBeNull();
  });

  it('is what was expected until it knows better', () => {
    let now = 0;
    const timeLeft = new TimeLeft(() => now);
    timeLeft.expect(30);
    expect(timeLeft.secondsFor(10)).toBe(300);
    for (let image = 0; image < 3; image++) {
      now += 10_000;
      timeLeft.imageFinished();
    }
    expect(timeLeft.secondsFor(10)).toBeCloseTo(100);
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
