/// <reference lib="dom" />
import { expect, test } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';
import type { Theme } from '../../test/webview/reviewServer';

const screen = new ReviewScreen();
const bar = () => screen.page.getByRole('region', { name: 'Comparison' });
const chip = (name: string) => bar().getByRole('button', { name: new RegExp(`^${name} `) });
const commands = () => screen.page.evaluate(() => window.fakeHost.commands);

const counted = async (name: string): Promise<number> =>
  Number((await chip(name).innerText()).replace(name, '').replaceAll(',', ''));

/** What the rows in sight are called, in the order of the list. */
const spoken = (): Promise<string[]> =>
  screen.rows.evaluateAll((rows) =>
    rows
      .sort((a, b) => Number(a.getAttribute('aria-posinset')) - Number(b.getAttribute('aria-posinset')))
      .map((row) => row.getAttribute('aria-label') ?? ''),
  );
/** How far the rows in sight moved, in percentiles. */
const moved = (): Promise<number[]> =>
  screen.page
    .locator('.list .shift')
    .evaluateAll((shifts) =>
      shifts
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((shift) => Math.abs(Number((shift.textContent ?? '').replace('−', '-')))),
    );

test('a scan that is looked at alone shows nothing of another', async () => {
  await screen.openList();
  expect(await bar().count()).toBe(0);
  expect(await screen.page.locator('.list .shift').count()).toBe(0);
  const orders = await screen.page
    .getByRole('combobox', { name: 'Sort by' })
    .locator('option')
    .allInnerTexts();
  expect(orders).not.toContain('Moved');
});

test('every row tells what the other scan says, and the object does so in a sentence', async () => {
  await screen.openList({ compared: true });
  for (const name of await spoken())
    expect(name).toMatch(
      /in the other scan: ((flagged, closest to|kept as) \w+, score \d\.\d{3}, percentile \d+|not found|not compared)/,
    );
  expect(await bar().innerText()).toContain(
    'clip-vit-b16 1.0.0 · 19 classes: aeroplane, bicycle, bird, boat and 15 more',
  );
  expect(await bar().innerText()).toContain('rank correlation 0.871');
  const inBoth = screen.list.getByRole('option', { name: /, percentile/ }).first();
  const [, className, score] = /(?:closest to|kept as) (\w+), score (\d\.\d{3}), percentile/.exec(
    (await inBoth.getAttribute('aria-label')) ?? '',
  )!;
  await inBoth.click();
  const sentence = screen.page.locator('.other-scan');
  expect(await sentence.innerText()).toContain(`${className} at ${score}`);
  expect(await sentence.innerText()).toMatch(
    /Among objects of both: percentile (<1|[1-9]\d*) there, (<1|[1-9]\d*) here\./,
  );
  expect(await screen.page.locator('section[aria-label="Other methods"]').innerText()).toContain(
    'in this scan',
  );
});

test('a chip lists what differs so, on both sides of δ; what is counted is what is listed', async () => {
  await screen.openList({ compared: true });
  const changed = await counted('Changed sides');
  expect(changed).toBe((await counted('Newly flagged')) + (await counted('No longer flagged')));
  for (const [name, here, there] of [
    ['Newly flagged', 'flagged', 'kept as'],
    ['No longer flagged', 'kept', 'flagged, closest to'],
    ['Only here', '', 'not found'],
  ]) {
    await chip(name).click();
    expect(await chip(name).getAttribute('aria-pressed')).toBe('true');
    expect(await screen.listed()).toBe(await counted(name));
    for (const row of await spoken()) {
      expect(row).toContain(`in the other scan: ${there}`);
      expect(row).toContain(`${here}, in the other scan`);
    }
  }
  await chip('Changed sides').click();
  expect(await screen.listed()).toBe(changed);
  await chip('Changed sides').click();
  expect(await screen.listed()).toBe(9615);
});

test('the counts follow δ, and the list with them', async () => {
  await screen.openList({ compared: true });
  await chip('Newly flagged').click();
  const before = await counted('Newly flagged');
  await screen.list.focus();
  await screen.press('Shift+.', 'Shift+.');
  await expect.poll(() => counted('Newly flagged')).toBeGreaterThan(before);
  expect(await screen.listed()).toBe(await counted('Newly flagged'));
});

test('what moved most comes first, and the view is the same after the page was made anew', async () => {
  await screen.openList({ compared: true });
  await chip('Changed sides').click();
  await screen.page.getByRole('combobox', { name: 'Sort by' }).selectOption('moved');
  const shifts = await moved();
  expect(shifts.length).toBeGreaterThan(5);
  expect(shifts[0]).toBeGreaterThan(shifts.at(-1)!);
  expect(shifts).toEqual([...shifts].sort((a, b) => b - a));
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Moved most first');
  const listed = await screen.listed();
  await screen.reopen({ compared: true });
  expect(await chip('Changed sides').getAttribute('aria-pressed')).toBe('true');
  expect(await screen.listed()).toBe(listed);
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Moved most first');
});

test('verdicts are given as ever', async () => {
  await screen.openList({ compared: true, reviewed: 0 });
  await chip('Newly flagged').click();
  await screen.rows.first().click();
  await screen.press('o');
  expect(await screen.decisions(1)).toMatchObject([{ decision: { verdict: 'ood' } }]);
});

test('the way out leads to the scan alone, without what asks for the other', async () => {
  await screen.openList({ compared: true });
  const focused = await screen.focused.getAttribute('id');
  await chip('Only here').click();
  await screen.page.getByRole('combobox', { name: 'Sort by' }).selectOption('moved');
  await bar().getByRole('button', { name: 'Swap the two scans' }).click();
  await bar().getByRole('button', { name: 'Compare other scans…' }).click();
  await bar().getByRole('button', { name: 'Stop Comparing' }).click();
  await expect.poll(() => bar().count()).toBe(0);
  expect(await screen.said).toBe('The scan is looked at alone.');
  expect(await screen.list.evaluate((list) => list === document.activeElement)).toBe(true);
  await expect.poll(commands).toEqual(['swapComparison', 'compareScans', 'leaveComparison']);
  expect(await screen.listed()).toBe(9615);
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Lowest score first');
  expect(await screen.focused.getAttribute('id')).toBe(focused);
});

test.each([
  [280, 'light'],
  [300, 'dark'],
  [300, 'dark', 500],
  [480, 'light'],
  [560, 'dark'],
  [1040, 'highContrast'],
  [1400, 'light'],
  [1400, 'dark'],
] as [number, Theme, number?][])(
  'at %i px (%s) the comparison is whole, and axe finds no fault',
  async (width, theme, height) => {
    await screen.openList({ compared: true }, width, theme, height);
    await chip('Changed sides').click();
    await screen.page.getByRole('combobox', { name: 'Sort by' }).selectOption('moved');
    await screen.rows.first().click();
    await screen.settled();
    await screen.shot(`comparison-${width}-${theme}${height === undefined ? '' : `-${height}`}`);
    for (const part of await bar().locator('button:visible, span:visible').all()) {
      const box = (await part.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
    }
    expect(await screen.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    // In a low window the boxes of a small photo lie over each other, compared or not.
    expect(await screen.axe(height === undefined ? 'html' : '.comparison')).toEqual([]);
  },
);
