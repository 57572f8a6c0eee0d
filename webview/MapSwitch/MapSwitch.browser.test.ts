/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const maps = () => screen.page.getByRole('radiogroup', { name: 'Map' });
const shown = (): Promise<string | null> =>
  maps().getByRole('radio', { checked: true }).getAttribute('aria-label');

describe('the switch of maps', () => {
  it('is gone through by arrows, round from the last to the first', async () => {
    await screen.openList();
    await maps().getByRole('radio', { name: 'Alignment μ' }).click();
    await screen.press('ArrowRight');
    expect(await shown()).toBe('Combined ω');
    await screen.press('ArrowDown');
    expect(await shown()).toBe('Photo ');
    await screen.press('ArrowLeft');
    expect(await shown()).toBe('Combined ω');
    expect(await screen.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Combined ω',
    );
  });

  it.each([[1040], [1140]])('of %i px shows what each map would show, and cuts no label', async (width) => {
    await screen.openList({}, width);
    expect(await maps().locator('img').count()).toBe(8);
    for (const label of ['Attention β', 'Alignment μ', 'Combined ω']) {
      const isWhole = await screen.page
        .getByText(label)
        .first()
        .evaluate((element) => {
          const { left, right } = element.getBoundingClientRect();
          const frame = element.closest('.header, button')!.getBoundingClientRect();
          return element.scrollWidth <= element.clientWidth + 1 && left >= frame.left && right <= frame.right;
        });
      expect(isWhole, label).toBe(true);
    }
  });

  it.each([1040, 1320, 1400])('is read whole beside its pictures (%i px)', async (width) => {
    await screen.openList({}, width);
    const cut = await maps()
      .locator('.ellipsis')
      .evaluateAll(
        (parts) => parts.filter(({ clientWidth, scrollWidth }) => clientWidth < scrollWidth).length,
      );
    expect(cut).toBe(0);
  });
});
