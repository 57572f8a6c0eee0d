/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { reviewActions } from '../../extension/protocol/reviewActions';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('the list of keys', () => {
  it('stands in one line wherever its words and keys fit side by side', async () => {
    await screen.openList({}, 1450);
    await screen.page.getByRole('button', { name: 'All keys of the review' }).click();
    expect(await screen.page.getByRole('dialog').locator('dl div').count()).toBeGreaterThan(20);
    const broken = await screen.page
      .getByRole('dialog')
      .locator('dl div')
      .evaluateAll((lines) =>
        lines
          .filter((line) => {
            const [words, keys] = [line.querySelector('dt')!, line.querySelector('dd')!];
            const range = document.createRange();
            range.selectNodeContents(words);
            const { width: room } = line.getBoundingClientRect();
            words.style.whiteSpace = 'nowrap';
            const natural = range.getBoundingClientRect().width;
            words.style.whiteSpace = '';
            return words.clientHeight > 24 && natural + keys.clientWidth + 10 <= room;
          })
          .map((line) => line.textContent),
      );
    expect(broken).toEqual([]);
    const first = screen.page.getByText('Out of Distribution', { exact: true });
    expect((await first.boundingBox())!.height).toBeLessThan(24);
    await screen.shot('keys-1450');
  });

  it.each([
    [1400, 'dark'],
    [950, 'light'],
    [300, 'highContrast'],
  ] as const)('names every action (%i px, %s)', async (width, theme) => {
    await screen.openList({}, width, theme);
    await screen.press('Shift+Slash');
    const panel = screen.page.getByRole('dialog', { name: 'Keys of the review' });
    await panel.waitFor();
    const keys = await panel.locator('kbd').allInnerTexts();
    for (const [name, { keys: own }] of Object.entries(reviewActions))
      expect(keys.join(' ').toLowerCase(), name).toContain(own[0] === 'shift+/' ? '?' : own[0]);
    expect(await screen.axe()).toEqual([]);
    await screen.shot(`keys-${theme}-${width}`);
    await screen.press('j', 'Escape');
    expect(await panel.count()).toBe(0);
    expect(await screen.place(), 'keys of the review rest meanwhile').toBe(1);
    await screen.press('Shift+Slash');
    await panel.getByRole('button', { name: 'Change keys…' }).click();
    await screen.page.waitForFunction(() => window.fakeHost.commands.includes('changeReviewKeys'));
  });
});
