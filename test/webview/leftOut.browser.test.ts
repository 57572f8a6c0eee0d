/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from './reviewScreen';

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
});
