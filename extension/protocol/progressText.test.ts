import { describe, expect, it } from 'vitest';
import { english } from './localisation';
import { finishedText, percentDone, progressText, timeLeftText } from './progressText';

const progress = {
  reference: { folder: '/photos', scanId: '1' },
  images: { total: 340, done: 12, unreadable: 0 },
  objects: 57,
  flagged: 9,
  secondsLeft: 110,
};

describe('a finished scan in words', () => {
  it.each([
    [0, 0, 'No object was found in shots.'],
    [0, 1, 'The one object in shots fits your classes.'],
    [1, 1, 'The one object in shots does not fit your classes.'],
    [0, 9615, 'All 9,615 objects in shots fit your classes.'],
    [1, 57, '1 of 57 objects in shots does not fit your classes.'],
    [1203, 9615, '1,203 of 9,615 objects in shots do not fit your classes.'],
  ])('%i of %i: %s', (flagged, objects, sentence) => {
    expect(finishedText(flagged, objects, 'shots', english)).toBe(sentence);
  });
});

describe('progress of a scan in words', () => {
  it('counts images, objects and flagged ones and says the time left', () => {
    expect(progressText(progress, english)).toBe(
      '12 of 340 images · 57 objects · 9 flagged · about 2 min left',
    );
  });

  it('counts one image as one', () => {
    const single = { ...progress, images: { total: 1, done: 0, unreadable: 0 } };
    expect(progressText(single, english)).toMatch(/^0 of 1 image · /);
  });

  it('says no time before it is known, and separates thousands', () => {
    const large = { ...progress, images: { total: 12000, done: 3410, unreadable: 2 }, secondsLeft: null };
    expect(progressText({ ...large, objects: 1 }, english)).toBe(
      '3,410 of 12,000 images · 1 object · 9 flagged',
    );
  });

  it.each([
    [0, 'a few seconds left'],
    [9.9, 'a few seconds left'],
    [10, 'about 10 s left'],
    [11, 'about 20 s left'],
    [50, 'about 50 s left'],
    [51, 'about 1 min left'],
    [61, 'about 1 min left'],
    [70, 'about 2 min left'],
    [3540, 'about 59 min left'],
    [3600, 'about 1 h left'],
    [5400, 'about 1 h 30 min left'],
  ])('%d seconds: %s', (seconds, words) => expect(timeLeftText(seconds, english)).toBe(words));

  it('is at 100 % only when everything is done', () => {
    expect(percentDone({ total: 1000, done: 999 })).toBe(99);
    expect(percentDone({ total: 1000, done: 1000 })).toBe(100);
    expect(percentDone({ total: 0, done: 0 })).toBe(0);
  });
});
