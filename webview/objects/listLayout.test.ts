import { describe, expect, it } from 'vitest';
import { groupHeaderHeight, ListLayout, rowHeight, ruleHeight } from './listLayout';

describe('the drawn part of the list', () => {
  it('never holds more than 60 rows, whatever the list', () => {
    const layout = ListLayout.plain(100_000, null);
    for (const scrollTop of [0, 21, 2_000_000, 4_200_000 - 1200]) {
      const { first, end } = layout.rowsIn(scrollTop, 1200);
      expect(end - first).toBeLessThanOrEqual(60);
      expect(first * rowHeight).toBeLessThanOrEqual(scrollTop);
      expect(end * rowHeight).toBeGreaterThanOrEqual(scrollTop + 1200);
      expect(layout.height).toBe(4_200_000);
    }
  });

  it.each([
    ['a rule near the beginning', ListLayout.plain(100, 1)],
    ['a rule in the middle', ListLayout.plain(100, 20)],
    ['a rule near the end', ListLayout.plain(100, 99)],
    ['groups, some of them folded', ListLayout.grouped(100, [0, 0, 7, 30, 30, 31, 100, 100])],
  ])('covers the view with %s', (_, layout) => {
    for (let scrollTop = 0; scrollTop < layout.height - 500; scrollTop += 7) {
      const { first, end } = layout.rowsIn(scrollTop, 500);
      if (first > 0) expect(layout.rowTop(first)).toBeLessThanOrEqual(scrollTop);
      if (end < 100) expect(layout.rowTop(end)).toBeGreaterThanOrEqual(scrollTop + 500);
      const sections = layout.sectionsIn(scrollTop, 500);
      expect(layout.sectionTop(sections.first)).toBeLessThanOrEqual(scrollTop);
      const last = sections.end - 1;
      expect(layout.sectionTop(last) + layout.sectionHeight(last)).toBeGreaterThanOrEqual(
        Math.min(layout.height, scrollTop + 500),
      );
    }
  });

  it('leaves room for the rule', () => {
    const layout = ListLayout.plain(10, 3);
    expect(layout.rowTop(2)).toBe(2 * rowHeight);
    expect(layout.rowTop(3)).toBe(3 * rowHeight + ruleHeight);
    expect(layout.sectionTop(1)).toBe(3 * rowHeight);
    expect(layout.height).toBe(10 * rowHeight + ruleHeight);
  });

  it('puts a head over each group, and nothing but it where a group is folded', () => {
    const layout = ListLayout.grouped(5, [0, 2, 2]);
    expect(layout.rowTop(0)).toBe(groupHeaderHeight);
    expect(layout.sectionTop(1)).toBe(groupHeaderHeight + 2 * rowHeight);
    expect(layout.sectionHeight(1)).toBe(groupHeaderHeight);
    expect(layout.rowTop(2)).toBe(3 * groupHeaderHeight + 2 * rowHeight);
    expect(layout.height).toBe(3 * groupHeaderHeight + 5 * rowHeight);
    expect(ListLayout.grouped(0, [0, 0]).height).toBe(2 * groupHeaderHeight);
  });

  it('is empty for an empty list and after a list became shorter', () => {
    expect(ListLayout.plain(0, null).rowsIn(0, 500)).toEqual({ first: 0, end: 0 });
    expect(ListLayout.plain(3, null).rowsIn(90_000, 500)).toEqual({ first: 0, end: 3 });
    expect(ListLayout.plain(30, null).rowsIn(90_000, 500)).toEqual({ first: 24, end: 30 });
  });

  it('scrolls only as far as a row needs, and not under the head of its group', () => {
    const plain = ListLayout.plain(100, null);
    expect(plain.scrollToRow(10, 400, 200)).toBe(400);
    expect(plain.scrollToRow(5, 400, 200)).toBe(5 * rowHeight);
    expect(plain.scrollToRow(20, 400, 200)).toBe(21 * rowHeight - 200);
    const grouped = ListLayout.grouped(100, [0]);
    expect(grouped.scrollToRow(5, 400, 200)).toBe(5 * rowHeight);
    expect(grouped.rowTop(5)).toBe(5 * rowHeight + groupHeaderHeight);
  });
});
