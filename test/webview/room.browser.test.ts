/// <reference lib="dom" />
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();
const size = async (selector: string): Promise<{ width: number; height: number }> => {
  const box = await screen.page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not there.`);
  return box;
};

describe('a low side bar', () => {
  it('folds the histogram, and unfolds it for who goes to δ', async () => {
    await screen.openList({}, 300, 'dark', 500);
    const fold = screen.page.getByRole('button', { name: 'Histogram', exact: true });
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    await screen.press('t');
    await screen.page.locator('.histogram [role=slider]:focus').waitFor();
    expect(await fold.getAttribute('aria-expanded')).toBe('true');
    await fold.click();
    expect(await screen.page.locator('.histogram').count()).toBe(0);
  });

  it.each([[950], [720], [500], [400]])(
    'of %i px has one part that scrolls beside the list',
    async (height) => {
      await screen.openList({}, 300, 'dark', height);
      const scrolling = await screen.page.locator('.app *').evaluateAll((all: Element[]) =>
        all
          .filter((element) => {
            const { overflowY } = getComputedStyle(element);
            return /auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1;
          })
          .map((element) => element.className.split(' ')[0]),
      );
      expect(scrolling.filter((name) => name !== 'view')).toHaveLength(1);
    },
  );

  it.each([
    ['a banner', { unreadable: 17 }, 700],
    ['a running scan', { screen: 'scanning' }, 700],
    ['a comparison', { compared: true }, 700],
    ['all of them', { screen: 'scanning', unreadable: 17, compared: true }, 900],
    ['an engine that stopped as well', { screen: 'engineStopped', unreadable: 17, compared: true }, 900],
  ] as const)('keeps four rows of the list below %s', async (_, options, height) => {
    for (const [width, theme] of [
      [300, 'dark'],
      [360, 'highContrastLight'],
    ] as const) {
      await screen.openList(options, width, theme, height);
      expect((await size('.queue .view')).height).toBeGreaterThanOrEqual(4 * 42);
      expect((await size('.pictures')).height).toBeGreaterThanOrEqual(90);
      const verdicts = (await screen.page.getByRole('group', { name: 'Verdict' }).boundingBox())!;
      expect(verdicts.y + verdicts.height).toBeLessThanOrEqual(height);
      if (width === 300) await screen.page.close();
    }
  });

  it('with banners is scrolled through as one page, the verdicts in sight', async () => {
    await screen.openList({ screen: 'engineStopped', unreadable: 17 }, 300, 'dark', 420);
    await screen.page.getByRole('heading', { name: 'Details' }).scrollIntoViewIfNeeded();
    const verdicts = (await screen.page.getByRole('group', { name: 'Verdict' }).boundingBox())!;
    expect(verdicts.y + verdicts.height).toBeLessThanOrEqual(420);
    expect(verdicts.y).toBeGreaterThan(0);
  });
});

describe('200 % zoom', () => {
  it.each([
    [300, 450, 'dark'],
    [300, 250, 'light'],
    [360, 450, 'highContrast'],
    [700, 450, 'highContrastLight'],
  ] as const)(
    'of %i × %i px: all that stands above is scrolled away, and all is reached',
    async (width, height, theme) => {
      await screen.openList(
        { screen: 'engineStopped', unreadable: 17, compared: true },
        width,
        theme,
        height,
      );
      await screen.shot(`zoomed-${width}-${height}-${theme}`);
      const whole = async (part: Locator): Promise<void> => {
        await part.scrollIntoViewIfNeeded();
        const box = (await part.boundingBox())!;
        expect(box.y).toBeGreaterThanOrEqual(-1);
        expect(box.y + box.height).toBeLessThanOrEqual(height + 1);
      };
      await whole(screen.page.getByRole('button', { name: 'Restart Engine' }));
      await whole(screen.page.locator('input[aria-label="Threshold"]'));
      await whole(screen.page.getByRole('searchbox'));
      await whole(screen.rows.first());
      await whole(screen.page.getByRole('group', { name: 'Verdict' }));
      await whole(screen.page.locator('.pictures figure').first());
      await whole(screen.page.getByRole('heading', { name: 'Details' }));
      await screen.shot(`zoomed-${width}-${height}-${theme}-end`);
      const shown = (await screen.focused.getAttribute('aria-posinset'))!;
      await screen.press('j');
      expect(await screen.focused.getAttribute('aria-posinset')).not.toBe(shown);
      expect(await screen.page.getByRole('heading', { name: 'Details' }).isVisible()).toBe(true);
    },
  );
});

describe('edges and folds', () => {
  it.each([
    [300, 500, 'dark'],
    [300, 900, 'light'],
    [1400, 868, 'highContrast'],
    [800, 700, 'light'],
  ] as const)('of %i × %i px, %s: axe finds no fault', async (width, height, theme) => {
    await screen.openList({}, width, theme, height);
    expect(await screen.axe()).toEqual([]);
  });
});
