/// <reference lib="dom" />
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();
const sash = (name: string): Locator => screen.page.getByRole('separator', { name, exact: true });
const value = async (name: string): Promise<number> => Number(await sash(name).getAttribute('aria-valuenow'));
const size = async (selector: string): Promise<{ width: number; height: number }> => {
  const box = await screen.page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not there.`);
  return box;
};

async function drag(name: string, x: number, y: number): Promise<void> {
  const { x: left, y: top, width, height } = (await sash(name).boundingBox())!;
  const { mouse } = screen.page;
  await mouse.move(left + width / 2, top + height / 2);
  await mouse.down();
  await mouse.move(left + width / 2 + x, top + height / 2 + y, { steps: 3 });
  await mouse.up();
}

describe('the edge between list and object', () => {
  it('is dragged, moved by keys, kept, and put back by a double click (300 px)', async () => {
    await screen.openList({}, 300, 'dark', 950);
    const before = await size('.queue .view');
    await drag('Height of the list', 0, 60);
    expect((await size('.queue .view')).height).toBeCloseTo(before.height + 60, -1);
    const dragged = await value('Height of the list');
    await sash('Height of the list').press('ArrowUp');
    await expect.poll(() => value('Height of the list')).toBeCloseTo(dragged - 16, -1);
    await screen.reopen({}, 300);
    // The share is kept, since the height is another one: 868.
    await expect.poll(() => value('Height of the list')).toBeCloseTo(((dragged - 16) * 868) / 950, -1);
    await sash('Height of the list').dblclick();
    await expect.poll(() => value('Height of the list')).toBeCloseTo(434, -1);
  });

  it('leaves the list a row and the object its photo, wherever it is moved (300 px)', async () => {
    await screen.openList({}, 300, 'dark', 950);
    await sash('Height of the list').press('Home');
    expect((await size('.queue .view')).height).toBeCloseTo(42, -1);
    await sash('Height of the list').press('End');
    expect((await size('.pictures')).height).toBeGreaterThanOrEqual(90);
    const verdicts = (await screen.page.getByRole('group', { name: 'Verdict' }).boundingBox())!;
    expect(verdicts.y + verdicts.height).toBeLessThanOrEqual(950);
    const atEnd = await value('Height of the list');
    await sash('Height of the list').press('ArrowUp');
    await expect
      .poll(() => value('Height of the list'), { message: 'one press moves it' })
      .toBeCloseTo(atEnd - 16, -1);
  });

  it.each([
    ['Width of the list', '.queue', 1400, 'ArrowRight', 40],
    ['Width of the list', '.queue', 800, 'ArrowRight', 40],
    ['Width of the reasons', 'aside', 1400, 'ArrowLeft', -40],
  ] as const)(
    '%s: %s of %i px is dragged, moved by keys, kept and put back',
    async (name, pane, width, key, by) => {
      await screen.openList({}, width);
      const before = await size(pane);
      await drag(name, by, 0);
      expect((await size(pane)).width).toBeCloseTo(before.width + 40, 0);
      await sash(name).press(key);
      expect((await size(pane)).width).toBeCloseTo(before.width + 56, 0);
      expect(await value(name)).toBeCloseTo(before.width + 56, 0);
      await screen.reopen({}, width);
      expect((await size(pane)).width).toBeCloseTo(before.width + 56, 0);
      await sash(name).press('End');
      expect((await size('main')).width).toBeGreaterThanOrEqual(width > 1319 ? 480 : 300);
      await sash(name).dblclick();
      expect((await size(pane)).width).toBeCloseTo(before.width, 0);
    },
  );
});

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

describe('names', () => {
  const cut = (selector: string) =>
    screen.page
      .locator(selector)
      .evaluateAll(
        (parts) => parts.filter(({ clientWidth, scrollWidth }) => clientWidth < scrollWidth).length,
      );

  it.each([1040, 1320, 1400])('of maps are read whole beside their pictures (%i px)', async (width) => {
    await screen.openList({}, width);
    expect(await cut('.switch .ellipsis')).toBe(0);
  });

  it.each([700, 760])('of files begin with their beginning (%i px)', async (width) => {
    await screen.openList({}, width);
    const { width: head } = await size('main h1 .head');
    expect(head).toBeGreaterThan(20);
  });

  it.each([320, 1400])('of percentiles do not lie over each other (%i px)', async (width) => {
    await screen.openList({}, width);
    const field = screen.page.locator('input[aria-label="Threshold"]');
    const ticks = screen.page.locator('section[aria-label="Other methods"] em');
    for (const threshold of ['0.3', '0.33', '0.34', '0.35', '0.36', '0.37', '0.4']) {
      await field.fill(threshold);
      await screen.press('Enter');
      const sides = await ticks.evaluateAll((parts) =>
        parts.map((part) => part.getBoundingClientRect()).map(({ left, right }) => ({ left, right })),
      );
      sides.sort((one, other) => one.left - other.left);
      for (const [at, { left }] of sides.slice(1).entries())
        expect(left, threshold).toBeGreaterThan(sides[at].right + 2);
    }
  });
});
