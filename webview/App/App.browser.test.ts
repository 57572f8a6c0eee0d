/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('the review', () => {
  it('comes back as it was left', async () => {
    await screen.openList();
    await screen.page.getByRole('radio', { name: 'Kept' }).click();
    await screen.page.getByRole('radio', { name: 'Combined ω' }).click();
    await screen.rows.nth(3).click();
    await screen.page.waitForTimeout(100);
    const chosen = await screen.page.locator('[role=option][aria-selected=true]').getAttribute('id');
    await screen.reopen();
    await screen.page.locator(`#${chosen}[aria-selected=true]`).waitFor();
    for (const name of ['Kept', 'Combined ω'])
      expect(await screen.page.getByRole('radio', { name }).getAttribute('aria-checked'), name).toBe('true');
  });

  it('says what came of it once every flagged object has a verdict', async () => {
    await screen.openList({ objects: 40, reviewed: 40 });
    const done = screen.page.locator('.done');
    const count = await screen.flagged();
    expect(await done.innerText()).toContain(`All ${count} flagged objects are reviewed`);
    const sums = [...(await done.locator('.num').innerText()).matchAll(/(\d+) [oi]/g)];
    expect(sums.reduce((sum, [, part]) => sum + Number(part), 0)).toBe(count);
    await done.getByRole('button', { name: 'Export…' }).click();
    await screen.page.waitForFunction(() => window.fakeHost.commands.join() === 'exportResults');
  });
});

describe('the review in a side bar', () => {
  /** Rows that can be seen whole. */
  const wholeRows = (): Promise<number> =>
    screen.page.locator('.queue .view').evaluate((list) => {
      const { top, bottom } = list.getBoundingClientRect();
      return [...list.querySelectorAll('[role=option]')].filter((row) => {
        const place = row.getBoundingClientRect();
        return place.top >= top && place.bottom <= bottom;
      }).length;
    });

  it.each([
    [300, 950, 6],
    [360, 950, 6],
    [400, 950, 6],
    [300, 720, 3],
    [300, 500, 1],
    [250, 500, 1],
  ])('of %i × %i px shows %i rows or more, photo, map switch and opacity', async (width, height, fewest) => {
    await screen.openList({ calibration: 34 }, width, 'dark', height);
    expect(await wholeRows()).toBeGreaterThanOrEqual(fewest);
    const maps = ['Photo', 'Attention β', 'Alignment μ', 'Combined ω'];
    const seen = [
      ...maps.map((name) => screen.page.getByRole('radio', { name, exact: true })),
      screen.page.getByRole('slider', { name: 'Map opacity' }),
      screen.page.getByRole('group', { name: 'Object', exact: true }),
      screen.page.getByRole('group', { name: 'Photo', exact: true }),
      screen.page.getByRole('heading', { name: 'Class scores' }),
    ];
    for (const part of seen) {
      const isOnTop = await part.evaluate((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const corners = [left + 2, right - 2].flatMap((x) => [top + 2, bottom - 4].map((y) => [x, y]));
        return corners.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
      });
      expect(isOnTop, `${String(part)} is in sight`).toBe(true);
    }
    for (const name of ['Object', 'Photo'])
      expect(
        (await screen.page.getByRole('group', { name, exact: true }).boundingBox())!.height,
      ).toBeGreaterThanOrEqual(70);
  });
});
