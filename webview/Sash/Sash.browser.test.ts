/// <reference lib="dom" />
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

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
