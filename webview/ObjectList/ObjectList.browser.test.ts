/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('the list', () => {
  it('shows flagged objects, lowest score first, with crop, score and best class', async () => {
    await screen.openList();
    const names = await screen.rows.evaluateAll((options) =>
      options.map((option) => option.getAttribute('aria-label') ?? ''),
    );
    const scores = names.map((name) => Number(/score ([−\d.]+)/.exec(name)?.[1]));
    expect(names.length).toBeGreaterThan(10);
    expect(names.every((name) => name.includes(', flagged, '))).toBe(true);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(Math.max(...scores)).toBeLessThan(0.271);
    expect(await screen.listed()).toBe(await screen.flagged());
    await screen.rows.first().locator('img').waitFor();
  });

  it('is moved through by keys, and the focus is told to the host', async () => {
    await screen.openList();
    await screen.page.keyboard.press('ArrowDown');
    await screen.page.keyboard.press('j');
    await screen.page.keyboard.press('k');
    await screen.page.locator('[role=option][aria-posinset="2"][aria-selected=true]').waitFor();
    await screen.page.waitForFunction(() => window.fakeHost.focused.length === 3);
    await screen.page.keyboard.press('End');
    const last = await screen.flagged();
    await screen.page.locator(`[role=option][aria-posinset="${last}"][aria-selected=true]`).waitFor();
    const active = await screen.page.getByRole('listbox').getAttribute('aria-activedescendant');
    expect(await screen.page.locator(`#${active}`).getAttribute('aria-posinset')).toBe(String(last));
    await screen.page.waitForFunction(() => window.fakeHost.focused.length === 4);
  });

  it('opens the wide editor from the side bar with Enter', async () => {
    await screen.openList({}, 360);
    await screen.page.keyboard.press('Enter');
    await screen.page.waitForFunction(() => window.fakeHost.commands.includes('openReviewInEditor'));
  });

  it('takes in new objects at once until it is worked in; then they wait', async () => {
    await screen.openList({ screen: 'scanning' });
    const before = await screen.listed();
    await screen.page.evaluate(() => window.fakeHost.addObjects(1000));
    await screen.page.waitForFunction(
      (length) => Number(document.querySelector('[role=option]')?.getAttribute('aria-setsize')) > length,
      before,
    );
    await screen.page.keyboard.press('ArrowDown');
    const between = await screen.listed();
    const place = await screen.rows.first().boundingBox();
    await screen.page.evaluate(() => window.fakeHost.addObjects(1000));
    const show = screen.page.getByRole('button', { name: /^Show \d+ new flagged objects$/ });
    await show.waitFor();
    expect(await screen.listed()).toBe(between);
    expect(await screen.rows.first().boundingBox()).toEqual(place);
    await show.click();
    expect(await screen.listed()).toBeGreaterThan(between);
  });
});
