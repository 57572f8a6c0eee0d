/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const pictures = () => screen.list.locator('.thumbnail');

describe('the small picture of an object', () => {
  it('is asked for only for rows in sight', async () => {
    await screen.openList();
    await screen.page.locator('.queue .view').evaluate((list) => {
      for (let step = 0; step < 20; step++) list.scrollTop = step * 2000;
    });
    await screen.page.waitForTimeout(300);
    const batches = await screen.page.evaluate(() => window.fakeHost.thumbnailBatches);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(24);
    expect(batches.flat().length).toBeLessThan(120);
  });

  it('is an icon where the file cannot be shown any more', async () => {
    await screen.openList();
    await screen.page.route('**/picture/**', (route) =>
      route.fulfill({ contentType: 'image/jpeg', body: '' }),
    );
    await screen.press('PageDown', 'PageDown');
    await expect.poll(() => pictures().locator('.codicon-file-media').count()).toBeGreaterThan(3);
    expect(await pictures().locator('img').count()).toBeLessThan(await pictures().count());
  });
});
