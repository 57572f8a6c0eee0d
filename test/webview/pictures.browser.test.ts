/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();

describe('maps over pictures', () => {
  it('are drawn once their photo is there, and not over an empty frame', async () => {
    await screen.openList();
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    await screen.page.route('**/picture/**', async (route) => {
      await held;
      await route.continue();
    });
    await screen.rows.nth(9).click();
    await screen.page.locator('[role=option][aria-posinset="10"][aria-selected=true]').waitFor();
    await screen.page.waitForTimeout(500);
    expect(await screen.page.locator('figure .picture img').count()).toBe(2);
    expect(await screen.page.locator('canvas').count()).toBe(0);
    release();
    await expect.poll(() => screen.page.locator('figure canvas').count()).toBe(2);
    await expect.poll(() => screen.page.locator('.switch canvas').count()).toBe(6);
  });

  it.each([[280], [300], [400]])('say in a narrow panel why there is none, uncut (%i px)', async (width) => {
    await screen.openList({ reviewed: 0 }, width);
    await screen.page.getByRole('searchbox').fill('bird');
    await screen.page.waitForTimeout(200);
    await screen.rows.first().click();
    const legend = screen.page.locator('figcaption .legend').nth(1);
    await expect.poll(() => legend.innerText()).toBe('no background');
    expect(await legend.evaluate((line) => line.scrollWidth <= line.clientWidth)).toBe(true);
  });
});
