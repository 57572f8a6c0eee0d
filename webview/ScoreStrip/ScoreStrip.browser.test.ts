/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('the strip of a score', () => {
  it('has its mark on the side of δ that the score is on: a dot below it, a ring above it', async () => {
    await screen.openList({ objects: 60, reviewed: 0 });
    await screen.page.getByRole('radio', { name: 'All' }).click();
    const strips = await screen.rows.evaluateAll((rows) =>
      rows.map((row) => {
        const strip = row.querySelector('.strip')!;
        const mark = strip.querySelector('i')!;
        const { left, width } = mark.getBoundingClientRect();
        const delta = Number.parseFloat(getComputedStyle(strip, '::after').left);
        return {
          flagged: row.getAttribute('aria-label')!.includes(', flagged, '),
          isLeft: left + width / 2 - strip.getBoundingClientRect().left < delta,
          isRing: getComputedStyle(mark).boxShadow !== 'none',
        };
      }),
    );
    expect(new Set(strips.map(({ flagged }) => flagged))).toEqual(new Set([true, false]));
    for (const { flagged, isLeft, isRing } of strips) expect([isLeft, isRing]).toEqual([flagged, !flagged]);
  });
});
