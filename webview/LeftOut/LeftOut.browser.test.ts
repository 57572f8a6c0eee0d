/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('what was left out', () => {
  it.each([[250], [300], [700], [1400]])(
    'tells each reason whole, and shows the file (%i px)',
    async (width) => {
      await screen.openList({ unreadable: 17 }, width, 'light');
      await screen.page.getByRole('button', { name: 'Show List' }).click();
      const panel = screen.page.getByRole('region', { name: 'Left out: 17', exact: true });
      const cut = await panel
        .locator('.reason')
        .evaluateAll((all) => all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
      expect(await panel.locator('.reason').count()).toBe(17);
      expect(cut).toBe(0);
      await panel.getByRole('button', { name: 'trips/palace/view_0401.jpg' }).click();
      await screen.page.waitForFunction(() => window.fakeHost.revealed[0] === 'trips/palace/view_0401.jpg');
      expect(await screen.axe('.left-out')).toEqual([]);
      await screen.shot(`left-out-${width}`);
    },
  );

  it.each([
    [360, 'dark'],
    [360, 'highContrast'],
    [760, 'light'],
    [760, 'highContrastLight'],
  ] as const)('is put away for the scan (%i px, %s)', async (width, theme) => {
    await screen.openList({ unreadable: 17 }, width, theme);
    await screen.shot(`left-out-banner-${width}-${theme}`);
    expect(await screen.axe('.banner')).toEqual([]);
    await screen.page.getByRole('button', { name: 'Show List' }).click();
    await screen.page.getByRole('button', { name: 'Dismiss for this scan' }).click();
    await expect.poll(() => screen.page.locator('.banner').count()).toBe(0);
    expect(await screen.page.locator('.left-out').count()).toBe(0);
    await expect.poll(() => screen.list.evaluate((list) => list === document.activeElement)).toBe(true);
    expect(await screen.page.evaluate(() => window.fakeHost.dismissed)).toEqual(['scan-1']);
  });

  it('stays away where the host says so', async () => {
    await screen.openList({ unreadable: 17, leftOutDismissed: true }, 360);
    expect(await screen.page.locator('.banner').count()).toBe(0);
  });
});
