import { describe, expect, it } from 'vitest';
import { hiddenTokens } from './hiddenTokens';

const photo = { width: 400, height: 200 };
const box = { x: 100, y: 0, width: 150, height: 100 };

describe('tokens that a box hides', () => {
  it('are the patches it covers enough of', () => {
    // Columns are 100 pixels wide and rows 50 high: the second column whole, the third by half.
    const rows = (leastShare: number): number[][] => {
      const [, ...patches] = hiddenTokens(box, photo, [4, 4], leastShare);
      return [0, 4, 8, 12].map((start) => patches.slice(start, start + 4));
    };
    const none = [0, 0, 0, 0];
    expect(rows(0.5)).toEqual([[0, 1, 1, 0], [0, 1, 1, 0], none, none]);
    expect(rows(0.6)).toEqual([[0, 1, 0, 0], [0, 1, 0, 0], none, none]);
    expect(rows(0)).toEqual([[0, 1, 1, 0], [0, 1, 1, 0], none, none]);
  });

  it('never are [CLS], nor anything outside the photo', () => {
    const all = hiddenTokens({ x: -50, y: -50, width: 1000, height: 1000 }, photo, [2, 2], 0.5);
    expect([...all]).toEqual([0, 1, 1, 1, 1]);
  });
});
