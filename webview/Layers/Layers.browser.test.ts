/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const dialog = () => screen.page.getByRole('dialog');
const isFocused = (role: string): Promise<boolean> =>
  screen.page.evaluate((wanted) => document.activeElement?.getAttribute('role') === wanted, role);

describe('what lies over the screen', () => {
  it('is one thing at a time, below which keys rest, and gives the keyboard back', async () => {
    await screen.openList({ reviewed: 0 });
    await screen.press('t');
    expect(await isFocused('slider')).toBe(true);
    await screen.press('?');
    expect(await dialog().count()).toBe(1);
    await screen.press('o', 'c');
    expect(await dialog().getByRole('heading', { name: 'Keys of the review' }).count()).toBe(1);
    expect(await dialog().count()).toBe(1);
    await screen.press('Escape');
    expect(await dialog().count()).toBe(0);
    expect(await isFocused('slider')).toBe(true);
    expect(await screen.page.evaluate(() => window.fakeHost.decisions)).toEqual([]);
  });

  it('is put away by a press beside it', async () => {
    await screen.openList();
    await screen.press('c');
    const file = (await screen.page.locator('main h1').getAttribute('title'))!.split('/').at(-1);
    expect(await dialog().getAttribute('aria-label')).toBe(`Class of ${file}`);
    await screen.page.mouse.click(2, 2);
    expect(await dialog().count()).toBe(0);
    expect(await isFocused('listbox')).toBe(true);
  });
});
