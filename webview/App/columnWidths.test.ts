import { describe, expect, it } from 'vitest';
import { columnWidths } from './columnWidths';

const unmoved = { list: null, why: null };

describe('widths of the columns', () => {
  it('give the object what a wide window has over', () => {
    for (const width of [1400, 1800]) {
      const { list, why } = columnWidths('wide', width, unmoved);
      expect([list.value, why.value]).toEqual([312, 316]);
    }
  });

  it('follow a medium window', () => {
    expect(columnWidths('medium', 560, unmoved).list.value).toBe(244);
    expect(columnWidths('medium', 1200, unmoved).list.value).toBe(288);
  });

  it.each([
    [1320, { list: 900, why: 900 }],
    [1320, { list: 100, why: 900 }],
    [1400, { list: 500, why: 20 }],
  ])('leave the object 480 pixels of %i, whatever was chosen', (width, chosen) => {
    const { list, why } = columnWidths('wide', width, chosen);
    expect(width - list.value - why.value).toBeGreaterThanOrEqual(480);
    expect(list.value).toBeGreaterThanOrEqual(240);
    expect(why.value).toBeGreaterThanOrEqual(260);
    expect(list.value).toBeLessThanOrEqual(list.largest);
  });

  it('are what was chosen where that fits', () => {
    const { list, why } = columnWidths('wide', 1600, { list: 420, why: 300 });
    expect([list.value, why.value]).toEqual([420, 300]);
  });
});
