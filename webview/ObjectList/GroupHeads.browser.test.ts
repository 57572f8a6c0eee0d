/// <reference lib="dom" />
import { expect, test } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const fresh = { reviewed: 0 };
const control = () => screen.page.getByRole('combobox', { name: 'Group by' });
const heads = () => screen.page.locator('.queue .group-head');
const view = () => screen.page.locator('.queue .view');

/** Rows in sight from top to bottom: class and file. */
const rows = (): Promise<{ name: string; file: string; id: string }[]> =>
  screen.rows.evaluateAll((all) =>
    all
      .sort((a, b) => Number(a.getAttribute('aria-posinset')) - Number(b.getAttribute('aria-posinset')))
      .map((row) => {
        const parts = (row.getAttribute('aria-label') ?? '').split(', ');
        return { name: parts[0].replace(/^closest to /, ''), file: parts.at(-1) ?? '', id: row.id };
      }),
  );
const headOf = (name: string) => screen.page.getByRole('group', { name: new RegExp(`of ${name}$`) });
const sizeOf = async (name: string): Promise<number> =>
  Number((await headOf(name).getAttribute('aria-label'))?.replaceAll(',', '').split(' ')[0]);
const header = () => screen.page.locator('.queue .header');

test('the list is in groups, each whole and in the order of scores, and so after the page was made anew', async () => {
  await screen.openList(fresh);
  const all = await screen.listed();
  const [lowest] = await rows();
  await control().selectOption('class');
  expect(await screen.listed()).toBe(all);
  expect(new Set((await rows()).map(({ name }) => name))).toEqual(new Set([lowest.name]));
  expect(await sizeOf(lowest.name)).toBeGreaterThan(10);
  await control().selectOption('image');
  const files = (await rows()).map(({ file }) => file);
  expect(files[0]).toBe(lowest.file);
  const begins = files.filter((file, at) => file !== files[at - 1]);
  expect(new Set(begins).size).toBe(begins.length);
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Lowest score first: By image');
  await screen.reopen(fresh);
  expect(await control().inputValue()).toBe('image');
  expect((await rows()).map(({ file }) => file)).toEqual(files);
});

test('new names are counted in the heads of their groups, as verdicts give them', async () => {
  await screen.openList(fresh);
  await control().selectOption('newName');
  const all = await screen.listed();
  const unnamed = screen.page.getByRole('group', { name: /without a new name$/ });
  expect(await unnamed.getAttribute('aria-label')).toContain(`${all.toLocaleString('en')} objects`);
  expect(await unnamed.getByRole('button', { name: 'Out of distribution' }).count()).toBe(0);
  await screen.list.focus();
  for (let object = 0; object < 2; object++) {
    // Keys go to the page once the host has heard that nothing is typed any more.
    await screen.page.waitForFunction(
      () => window.fakeHost.keyboard.focused && !window.fakeHost.keyboard.typing,
    );
    await screen.press('c');
    await screen.page.getByRole('combobox', { name: /^Class or new name/ }).fill('forklift');
    await screen.page.keyboard.press('Enter');
    await screen.page.waitForFunction(
      (count) =>
        document
          .querySelector('.queue .group-head')
          ?.getAttribute('aria-label')
          ?.startsWith(`${count} object`),
      object + 1,
    );
  }
  expect(await heads().first().getAttribute('aria-label')).toBe('2 objects of forklift');
});

test('a folded group has no rows; keys pass over it, and it is still folded after the page was made anew', async () => {
  await screen.openList(fresh);
  await control().selectOption('class');
  const all = await screen.listed();
  const [{ name }] = await rows();
  const size = await sizeOf(name);
  await headOf(name).getByRole('button', { expanded: true }).click();
  expect(await screen.listed()).toBe(all - size);
  expect((await rows()).some((row) => row.name === name)).toBe(false);
  await screen.list.focus();
  await screen.press('ArrowDown');
  expect(await screen.place()).toBe(1);
  expect(await header().innerText()).not.toContain('not in this list');
  await screen.reopen(fresh);
  expect(await screen.listed()).toBe(all - size);
  await screen.press('Shift+e', 'Shift+e');
  expect(await screen.listed()).toBe(all);
  await screen.press('Shift+e');
  expect(await screen.rows.count()).toBe(0);
  expect(await header().innerText()).toContain(`${all.toLocaleString()} objects`);
});

test('a verdict on the head of a group goes to all of it as one step, folded or not', async () => {
  await screen.openList(fresh);
  await control().selectOption('class');
  const [{ name }] = await rows();
  const size = await sizeOf(name);
  await screen.list.focus();
  await screen.press('e');
  await headOf(name).hover();
  await headOf(name)
    .getByRole('button', { name: /^Out of distribution/ })
    .click();
  const given = await screen.decisions(size);
  expect(new Set(given.map(({ decision, step }) => `${decision?.verdict} ${step}`)).size).toBe(1);
  expect(await screen.said).toContain(`${size} × Out of distribution.`);
  await screen.page.mouse.move(0, 0);
  await screen.list.focus();
  expect(await headOf(name).innerText()).toContain('all reviewed');
  await screen.press('Control+z');
  expect(await screen.said).toBe(`Undone: ${size} × Out of distribution.`);
  expect(await header().innerText()).toContain(`${size} selected`);
});

test('a group is selected by its box or by a key, and one verdict goes to it', async () => {
  await screen.openList(fresh);
  await control().selectOption('image');
  const [{ file }] = await rows();
  const box = headOf(file).getByRole('checkbox');
  await box.check();
  const size = await sizeOf(file);
  expect(await header().innerText()).toContain(`${size} selected`);
  await box.uncheck();
  await screen.list.focus();
  await screen.press('Shift+g');
  expect(await box.isChecked()).toBe(true);
  await screen.press('x');
  expect((await screen.decisions(size)).length).toBe(size);
});

test('the head of the group in sight stays above its rows, and covers none that is looked at', async () => {
  await screen.openList(fresh);
  await control().selectOption('class');
  const [{ name }] = await rows();
  await screen.press('Tab');
  await screen.list.focus();
  for (let step = 0; step < 3; step++) await screen.press('PageDown');
  for (let step = 0; step < 12; step++) await screen.press('ArrowUp');
  const place = (await view().boundingBox())!;
  const head = (await headOf(name).boundingBox())!;
  expect(head.y).toBeCloseTo(place.y, 0);
  const focused = (await screen.focused.boundingBox())!;
  expect(focused.y).toBeGreaterThanOrEqual(head.y + head.height - 1);
  // At its last row the next group pushes it away.
  await view().evaluate((list) => (list.scrollTop = list.scrollHeight));
  await screen.page.waitForFunction(
    (gone) => !document.querySelector(`.group-head[aria-label$="of ${gone}"]`),
    name,
  );
});

test('keys reach the head of one group only: that of the object that is looked at', async () => {
  await screen.openList(fresh);
  await control().selectOption('image');
  await screen.list.focus();
  await screen.press('Tab');
  const [{ file }] = await rows();
  const reached = () =>
    screen.page.evaluate(() => document.activeElement?.closest('.group-head')?.getAttribute('aria-label'));
  expect(await reached()).toContain(file);
  await screen.press('Tab', 'Tab', 'Tab', 'Tab', 'Tab');
  expect(await reached()).toBeUndefined();
});

test.each([
  [280, 'dark'],
  [300, 'light'],
  [480, 'highContrast'],
  [1040, 'dark'],
  [1400, 'light'],
] as const)('at %i px (%s) groups are to be seen, and axe finds no fault', async (width, theme) => {
  await screen.openList({ reviewed: 40 }, width, theme);
  await control().selectOption('image');
  await heads().nth(1).hover();
  await screen.settled();
  await screen.shot(`groups-${width}-${theme}`);
  expect(await screen.axe()).toEqual([]);
  const controls = await screen.page.locator('.queue .header :is(button, select)').all();
  await screen.expectWithin(screen.page.locator('.queue'), [...controls, heads().first()]);
});
