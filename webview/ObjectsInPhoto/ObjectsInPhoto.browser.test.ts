/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const objects = () => screen.page.getByRole('region', { name: 'In this photo' }).getByRole('button');

describe('the objects of the photo', () => {
  it('are looked at by a press, listed or not, here and in the photo', async () => {
    await screen.openList();
    expect(await objects().count()).toBe(5);
    const own = await objects().and(screen.page.locator('[aria-current]')).innerText();
    expect(own).toContain('this object');
    await objects().and(screen.page.locator(':not([aria-current])')).first().click();
    await expect.poll(() => objects().and(screen.page.locator('[aria-current]')).innerText()).not.toBe(own);
    const before = await screen.page.evaluate(() => window.fakeHost.focused.length);
    await screen.page.locator('figure button').last().click();
    await screen.page.waitForFunction((length) => window.fakeHost.focused.length > length, before);
  });

  it('are marked in the photo while they are pointed at', async () => {
    await screen.openList();
    const marked = screen.page.locator('figure g.hovered');
    expect(await marked.count()).toBe(0);
    await objects().nth(2).hover();
    expect(await marked.count()).toBe(1);
    await screen.page.mouse.move(0, 0);
    expect(await marked.count()).toBe(0);
  });
});
