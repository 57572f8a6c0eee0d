import { describe, expect, it } from 'vitest';
import { secondsAPhoto } from './expectedTime';

describe('the time a photo will take', () => {
  it('is that of its boxes and of every object with its background', () => {
    expect(secondsAPhoto({ boxing: 30, objects: 12, scoring: 1, scored: 2 }, 'masked')).toBeCloseTo(35);
    expect(secondsAPhoto({ boxing: 0.1, objects: 1, scoring: 0.9, scored: 1 }, 'masked')).toBeCloseTo(1);
    expect(secondsAPhoto({ boxing: 0.1, objects: 0, scoring: 0, scored: 0 }, 'masked')).toBe(0.1);
    expect(secondsAPhoto({ boxing: 30, objects: 10, scoring: 1, scored: 2 }, 'shared')).toBeCloseTo(33);
  });
});
