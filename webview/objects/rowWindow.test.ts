import { describe, expect, it } from 'vitest';
import { rowHeight, rowTop, rowWindow, ruleHeight, scrollToRow } from './rowWindow';

describe('the drawn part of the list', () => {
  it('never holds more than 60 rows, whatever the list', () => {
    for (const scrollTop of [0, 21, 2_000_000, 4_200_000 - 1200]) {
      const { first, end, height } = rowWindow(100_000, null, scrollTop, 1200);
      expect(end - first).toBeLessThanOrEqual(60);
      expect(first * rowHeight).toBeLessThanOrEqual(scrollTop);
      expect(end * rowHeight).toBeGreaterThanOrEqual(scrollTop + 1200);
      expect(height).toBe(4_200_000);
    }
  });

  it('covers the view on either side of the rule', () => {
    for (const ruleBefore of [1, 20, 99]) {
      for (let scrollTop = 0; scrollTop < 3000; scrollTop += 7) {
        const { first, end } = rowWindow(100, ruleBefore, scrollTop, 500);
        if (first > 0) expect(rowTop(first, ruleBefore)).toBeLessThanOrEqual(scrollTop);
        if (end < 100) expect(rowTop(end, ruleBefore)).toBeGreaterThanOrEqual(scrollTop + 500);
      }
    }
  });

  it('leaves room for the rule', () => {
    expect(rowTop(2, 3)).toBe(2 * rowHeight);
    expect(rowTop(3, 3)).toBe(3 * rowHeight + ruleHeight);
    expect(rowWindow(10, 3, 0, 100).height).toBe(10 * rowHeight + ruleHeight);
  });

  it('is empty for an empty list and after a list became shorter', () => {
    expect(rowWindow(0, null, 0, 500)).toMatchObject({ first: 0, end: 0 });
    expect(rowWindow(3, null, 90_000, 500)).toMatchObject({ first: 3, end: 3 });
  });

  it('scrolls only as far as a row needs', () => {
    expect(scrollToRow(420, 400, 200)).toBe(400);
    expect(scrollToRow(300, 400, 200)).toBe(300);
    expect(scrollToRow(590, 400, 200)).toBe(590 + rowHeight - 200);
  });
});
