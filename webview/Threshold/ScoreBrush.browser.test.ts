/// <reference lib="dom" />
import { expect, test } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const histogram = () => screen.page.locator('.histogram');
const chip = () => screen.page.getByRole('button', { name: /^Score .* to / });
const edge = (which: 'Lowest' | 'Highest') =>
  screen.page.getByRole('slider', { name: `${which} score that is listed` });

/** Scores of the rows in sight. */
const scores = (): Promise<number[]> =>
  screen.rows.evaluateAll((rows) =>
    rows.map((row) =>
      Number(/score ([\d.−]+)/.exec(row.getAttribute('aria-label') ?? '')?.[1].replace('−', '-')),
    ),
  );
const ends = async (): Promise<number[]> => (await chip().innerText()).match(/[\d.]+/g)!.map(Number);

/** Drags over the plot, from one share of its width to another. */
async function brush(from: number, to: number): Promise<void> {
  const box = (await histogram().boundingBox())!;
  await screen.page.mouse.move(box.x + from * box.width, box.y + 30);
  await screen.page.mouse.down();
  await screen.page.mouse.move(box.x + to * box.width, box.y + 30, { steps: 4 });
  await screen.page.mouse.up();
}

test('a range that is drawn over the bars is what is listed, moves by its ends, and survives a new page', async () => {
  await screen.openList();
  const all = await screen.listed();
  await brush(0.15, 0.35);
  const [least, most] = await ends();
  expect(most).toBeGreaterThan(least);
  const some = await screen.listed();
  expect(some).toBeLessThan(all);
  for (const score of await scores()) expect(score).toBeGreaterThanOrEqual(least);
  await screen.list.focus();
  await screen.press('End');
  for (const score of await scores()) expect(score).toBeLessThanOrEqual(most);
  const handle = (await edge('Highest').boundingBox())!;
  await screen.page.mouse.move(handle.x + 2, handle.y + 20);
  await screen.page.mouse.down();
  await screen.page.mouse.move(handle.x - 18, handle.y + 20, { steps: 3 });
  await screen.page.mouse.up();
  expect((await ends())[0]).toBe(least);
  expect((await ends())[1]).toBeLessThan(most);
  const fewer = await screen.listed();
  expect(fewer).toBeLessThan(some);
  await screen.reopen();
  expect((await ends())[0]).toBe(least);
  expect(await screen.listed()).toBe(fewer);
  expect(await screen.page.evaluate(() => window.fakeHost.thresholds)).toEqual([]);
});

test('a range on the other side of δ shows both sides; the chip, and a click beside it, take it away', async () => {
  await screen.openList();
  await brush(0.7, 0.85);
  expect(await screen.page.getByRole('radio', { name: 'All' }).getAttribute('aria-checked')).toBe('true');
  expect(await screen.listed()).toBeGreaterThan(0);
  await screen.page.getByRole('button', { name: 'List any score' }).click();
  expect(await chip().count()).toBe(0);
  await brush(0.7, 0.85);
  const box = (await histogram().boundingBox())!;
  await screen.page.mouse.click(box.x + 0.2 * box.width, box.y + 30);
  expect(await chip().count()).toBe(0);
  expect(await screen.listed()).toBe(9615);
});

test('a click moves neither δ nor a range, and a mark of δ is still pressed', async () => {
  await screen.openList();
  const box = (await histogram().boundingBox())!;
  await screen.page.mouse.click(box.x + 0.2 * box.width, box.y + 30);
  expect(await chip().count()).toBe(0);
  expect(await screen.page.evaluate(() => window.fakeHost.thresholds)).toEqual([]);
  await screen.page.getByRole('button', { name: /^Keeps 99/ }).click();
  await screen.page.waitForFunction(() => window.fakeHost.rates.length === 1);
  expect(await screen.page.evaluate(() => window.fakeHost.rates)).toEqual([0.99]);
  expect(await chip().count()).toBe(0);
});

test('keys alone choose a range and take it away', async () => {
  await screen.openList();
  await screen.press('Shift+t');
  expect(await edge('Lowest').evaluate((slider) => slider === document.activeElement)).toBe(true);
  const [least] = await ends();
  await screen.press('PageUp', 'PageUp', 'ArrowRight');
  expect((await ends())[0]).toBeCloseTo(least + 0.021, 3);
  await screen.press('Tab', 'Home');
  expect(new Set(await ends()).size).toBe(1);
  await screen.press('PageUp');
  expect(await edge('Highest').getAttribute('aria-valuetext')).toBe((await ends())[1].toFixed(3));
  await screen.page.waitForFunction(() =>
    /^Score .* to .*: \d+ objects?\.$/.test(
      document.querySelector('[aria-live=polite].visually-hidden')?.textContent ?? '',
    ),
  );
  await screen.press('Escape');
  expect(await chip().count()).toBe(0);
  expect(await screen.list.evaluate((list) => list === document.activeElement)).toBe(true);
});

test.each([
  [280, 'light'],
  [300, 'dark'],
  [480, 'light'],
  [560, 'dark'],
  [1040, 'highContrast'],
  [1400, 'light'],
] as const)(
  'at %i px (%s) the range and its chip are whole, and axe finds no fault',
  async (width, theme) => {
    await screen.openList({}, width, theme);
    await brush(0.15, 0.35);
    await screen.settled();
    await screen.shot(`brush-${width}-${theme}`);
    const anyScore = screen.page.getByRole('button', { name: 'List any score' });
    await screen.expectWithin(screen.page.locator('.app'), [chip(), anyScore]);
    expect(await screen.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await screen.axe()).toEqual([]);
  },
);
