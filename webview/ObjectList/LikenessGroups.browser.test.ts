/// <reference lib="dom" />
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const fresh = { reviewed: 0 };
const control = () => screen.page.getByRole('combobox', { name: 'Group by' });
const heads = () => screen.page.locator('.queue .group-head');
const head = (name: RegExp) => screen.page.getByRole('group', { name });
const view = () => screen.page.locator('.queue .view');
const comparisons = () => screen.page.evaluate(() => window.fakeHost.comparisons);

async function group(): Promise<void> {
  await control().selectOption('likeness');
  await heads().first().waitFor();
}

/** What the heads in sight are called, from top to bottom. */
const names = (): Promise<string[]> =>
  heads().evaluateAll((all) =>
    all
      .sort((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)
      .map((one) => one.getAttribute('aria-label') ?? ''),
  );
const countIn = (name: string): number => Number(name.replaceAll(',', '').split(' ')[0]);

test('alike objects are a group, named by what most of them are, with pictures of some', async () => {
  await screen.openList(fresh);
  const all = await screen.listed();
  await group();
  expect(await screen.listed()).toBe(all);
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Lowest score first: By likeness');
  const [first] = await names();
  expect(first).toMatch(/^\d+ objects, (mostly )?\w+, like the one in \S+\.\w+$/);
  expect(countIn(first)).toBeGreaterThan(1);
  const pictures = heads().first().locator('.pictures img');
  // They are made one after the other.
  await expect.poll(() => pictures.count(), { timeout: 10_000 }).toBe(Math.min(4, countIn(first)));
  expect(await comparisons()).toBe(1);
});

test('what is like no other comes last', async () => {
  await screen.openList(fresh);
  await group();
  const buttons = (one: Locator): Promise<number> => one.getByRole('button').count();
  expect(await buttons(heads().first())).toBe(4);
  await view().evaluate((list) => (list.scrollTop = list.scrollHeight));
  await head(/like no other in this list$/).waitFor();
  // It is folded, and no more: one verdict does not serve what has nothing in common.
  expect(await buttons(head(/like no other/))).toBe(1);
  expect((await names()).at(-1)).toMatch(/^\d[\d,]* objects like no other in this list$/);
  expect(
    await head(/like no other/)
      .locator('.pictures')
      .count(),
  ).toBe(0);
});

test('one verdict goes to a group of alike objects, and one undo takes it back', async () => {
  await screen.openList(fresh);
  await group();
  const [first] = await names();
  await heads().first().hover();
  await heads()
    .first()
    .getByRole('button', { name: /^Out of distribution/ })
    .click();
  const given = await screen.decisions(countIn(first));
  expect(new Set(given.map(({ decision, step }) => `${decision?.verdict} ${step}`)).size).toBe(1);
  expect(await screen.said).toContain(`${countIn(first)} × Out of distribution.`);
  await screen.page.mouse.move(0, 0);
  await screen.list.focus();
  await screen.page.getByText('all reviewed').first().waitFor();
  await screen.press('Control+z');
  expect(await screen.said).toBe(`Undone: ${countIn(first)} × Out of distribution.`);
});

test('a group is selected and folded by keys, and is still folded after the page was made anew', async () => {
  await screen.openList(fresh);
  await group();
  const [first] = await names();
  const all = await screen.listed();
  await screen.list.focus();
  await screen.press('Home', 'Shift+g');
  expect(await screen.page.locator('.queue .header').innerText()).toContain(`${countIn(first)} selected`);
  await screen.press('Escape', 'e');
  expect(await screen.listed()).toBe(all - countIn(first));
  await screen.reopen(fresh);
  await heads().first().waitFor();
  expect(await control().inputValue()).toBe('likeness');
  expect(await screen.listed()).toBe(all - countIn(first));
});

test('groups stand still while a scan runs: what comes is not compared until the list is refreshed', async () => {
  await screen.openList({ ...fresh, objects: 2000, screen: 'scanning' });
  await screen.page.getByRole('radio', { name: 'All' }).click();
  await group();
  const before = await names();
  await screen.rows.nth(1).click();
  await screen.page.evaluate(() => window.fakeHost.addObjects(100));
  await screen.page.getByRole('button', { name: /^Show 100 new/ }).waitFor();
  expect(await names()).toEqual(before);
  expect(await comparisons()).toBe(1);
  // A filter takes the new ones in, and they wait in a group of their own.
  await screen.page.getByRole('radio', { name: 'Flagged' }).click();
  await screen.page.getByRole('radio', { name: 'All' }).click();
  await view().evaluate((list) => (list.scrollTop = list.scrollHeight));
  await head(/^100 objects not compared$/).waitFor();
  expect(await comparisons()).toBe(1);
  await screen.list.focus();
  await screen.press('l');
  await screen.page.waitForFunction(() => window.fakeHost.comparisons === 2);
  await head(/^100 objects not compared$/).waitFor({ state: 'detached' });
});

test('a scan that ends is compared anew where nobody works in its list', async () => {
  await screen.openList({ ...fresh, objects: 2000, screen: 'scanning' });
  await group();
  await screen.page.evaluate(() => window.fakeHost.addObjects(1000));
  await screen.page.evaluate(() => window.fakeHost.finishScan());
  await screen.page.waitForFunction(() => window.fakeHost.comparisons === 2);
});

test('a scan that was made before likeness was stored says so, and lists its objects', async () => {
  await screen.openList({ ...fresh, withoutLikeness: true });
  const all = await screen.listed();
  await control().selectOption('likeness');
  const notice = screen.page.getByRole('status').filter({ hasText: 'before likeness was stored' });
  await notice.waitFor();
  expect(await screen.listed()).toBe(all);
  expect(await heads().count()).toBe(0);
  expect(await screen.axe()).toEqual([]);
  await screen.shot('likeness-not-stored-1400');
  await notice.getByRole('button', { name: 'Rescan…' }).click();
  await screen.page.waitForFunction(() => window.fakeHost.commands.join() === 'rescan');
});

test('what goes wrong is told, and tried again', async () => {
  await screen.openList(fresh);
  await screen.page.evaluate(() => (window.fakeHost.comparingFails = 'The database is held.'));
  await control().selectOption('likeness');
  const notice = screen.page.getByRole('alert').filter({ hasText: 'The database is held.' });
  await notice.waitFor();
  await screen.page.evaluate(() => (window.fakeHost.comparingFails = null));
  await notice.getByRole('button', { name: 'Try Again' }).click();
  await heads().first().waitFor();
  expect(await notice.count()).toBe(0);
});

test.each([
  [280, 'dark'],
  [300, 'light'],
  [480, 'highContrast'],
  [1040, 'dark'],
  [1400, 'light'],
  [1400, 'dark'],
] as const)('at %i px (%s) groups are to be seen, and axe finds no fault', async (width, theme) => {
  await screen.openList({ reviewed: 40 }, width, theme);
  await group();
  await screen.settled();
  // Pictures of rows and heads alike.
  await screen.page.waitForFunction(() =>
    [...document.querySelectorAll('.queue .thumbnail')].every((picture) => picture.querySelector('img, i')),
  );
  await screen.settled();
  await screen.shot(`likeness-${width}-${theme}`);
  expect(await screen.axe()).toEqual([]);
  const parts = [heads().first(), heads().first().locator('.pictures')];
  await screen.expectWithin(screen.page.locator('.queue'), parts);
});
