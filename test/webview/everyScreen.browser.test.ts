/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import type { PageOptions } from './reviewServer';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();
const themes = ['dark', 'light', 'highContrast', 'highContrastLight'] as const;

describe('accessibility', () => {
  const screens: [string, PageOptions, number][] = [
    ['review, wide', {}, 1400],
    ['review, medium', {}, 760],
    ['review, narrow', {}, 360],
    ['scanning', { screen: 'scanning' }, 1400],
    ['stopped', { screen: 'stopped' }, 360],
    ['engine stopped', { screen: 'engineStopped', unreadable: 17 }, 1400],
    ['empty', { screen: 'empty' }, 760],
    ['nothing flagged', { screen: 'nothingFlagged' }, 760],
  ];
  it.each(
    screens.flatMap(([name, options, width]) =>
      themes.map((theme) => [name, theme, options, width] as const),
    ),
  )('%s, %s: axe finds no fault', async (_name, theme, options, width) => {
    await screen.open(options, width, theme);
    await screen.page.waitForTimeout(600);
    expect(await screen.axe()).toEqual([]);
  });
});

describe('pictures of every screen', () => {
  const sizes = [
    [360, 860],
    [760, 1000],
    [1400, 868],
  ] as const;
  const screens: [string, PageOptions][] = [
    ['review', {}],
    ['scanning', { screen: 'scanning' }],
    ['stopped', { screen: 'stopped' }],
    ['engine-stopped', { screen: 'engineStopped', unreadable: 17 }],
    ['empty', { screen: 'empty' }],
    ['nothing-flagged', { screen: 'nothingFlagged' }],
  ];
  it.each(
    screens.flatMap(([name, options]) =>
      themes.flatMap((theme) => sizes.map(([width, height]) => ({ name, options, theme, width, height }))),
    ),
  )(
    '$name, $theme, $width px wide: nothing runs over the edge',
    async ({ name, options, theme, width, height }) => {
      await screen.open(options, width, theme, height);
      await screen.page.waitForTimeout(500);
      if (name === 'review' || name === 'scanning') await screen.settled();
      await screen.shot(`${name}-${theme}-${width}`);
      const over = await screen.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over).toBeLessThanOrEqual(0);
      for (const column of ['.queue', 'main', 'aside']) {
        const box = await screen.page
          .locator(column)
          .first()
          .boundingBox({ timeout: 200 })
          .catch(() => null);
        if (box) expect(box.x + box.width).toBeLessThanOrEqual(width + 0.5);
      }
    },
  );
});
