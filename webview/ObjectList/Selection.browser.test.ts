/// <reference lib="dom" />
import { expect, test } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const fresh = { reviewed: 0 };
const header = () => screen.page.locator('.queue .header');

/** 1-based places of the rows in sight that a verdict goes to. */
async function selected(): Promise<number[]> {
  const places = await screen.rows.evaluateAll((rows) =>
    rows
      .filter((row) => row.getAttribute('aria-selected') === 'true')
      .map((row) => Number(row.getAttribute('aria-posinset'))),
  );
  return places.sort((a, b) => a - b);
}
const idsOf = async (...places: number[]): Promise<string[]> =>
  screen.page.evaluate((wanted) => {
    const rows = [...document.querySelectorAll('.list [role=option]')];
    return wanted.map((place) => {
      const row = rows.find((one) => one.getAttribute('aria-posinset') === String(place));
      return row?.id ?? '';
    });
  }, places);
const row = (place: number) => screen.page.locator(`.list [role=option][aria-posinset="${place}"]`);
const decided = async (count: number): Promise<string[]> =>
  (await screen.decisions(count)).map(({ id, decision }) => `${id} ${decision?.verdict ?? 'none'}`);

test('a pressed row leaves the keyboard with the list, which tells the row that keys act on', async () => {
  await screen.openList(fresh);
  const keyboard = () =>
    screen.page.evaluate(() => {
      const { activeElement: list } = document;
      const active = document.getElementById(list?.getAttribute('aria-activedescendant') ?? '');
      return [list?.getAttribute('role'), Number(active?.getAttribute('aria-posinset'))];
    });
  await row(3).click();
  expect(await keyboard()).toEqual(['listbox', 3]);
  await screen.press('j');
  expect(await keyboard()).toEqual(['listbox', 4]);
});

test('Shift with arrows selects from where it began, back and forth', async () => {
  await screen.openList(fresh);
  expect(await screen.list.getAttribute('aria-multiselectable')).toBe('true');
  expect(await selected()).toEqual([1]);
  await screen.press('ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown');
  expect(await selected()).toEqual([2, 3, 4]);
  expect(await screen.said).toBe('3 selected.');
  expect(await screen.place()).toBe(4);
  await screen.press('Shift+ArrowUp', 'Shift+ArrowUp', 'Shift+ArrowUp');
  expect(await selected()).toEqual([1, 2]);
  await screen.press('ArrowDown');
  expect(await selected()).toEqual([2]);
});

test('clicks select as in every list, and one verdict goes to all of it as one step', async () => {
  await screen.openList(fresh);
  await row(2).click();
  await row(4).click({ modifiers: ['ControlOrMeta'] });
  await row(6).click({ modifiers: ['Shift'] });
  expect(await selected()).toEqual([2, 4, 5, 6]);
  await row(5).click({ modifiers: ['ControlOrMeta'] });
  expect(await selected()).toEqual([2, 4, 6]);
  expect(await header().innerText()).toContain('3 selected');
  const ids = await idsOf(2, 4, 6);
  await screen.press('x');
  expect(await decided(3)).toEqual(ids.map((id) => `${id} ignored`));
  const steps = (await screen.decisions(3)).map(({ step }) => step);
  expect(new Set(steps).size).toBe(1);
  expect(await screen.said).toMatch(/^3 × Ignored\. 3 of [\d,]+ reviewed\. Next: /);
  // On from the last of them, with nothing selected but what is looked at.
  expect(await selected()).toEqual([7]);
  await screen.press('Control+z');
  expect(await screen.said).toBe('Undone: 3 × Ignored.');
  expect(await selected()).toEqual([2, 4, 6]);
  for (const place of [2, 4, 6])
    expect(await row(place).getAttribute('aria-label')).toContain('not reviewed');
  await screen.press('o');
  expect((await decided(6)).slice(3)).toEqual(ids.map((id) => `${id} ood`));
});

test('Space and Ctrl with arrows select what does not lie together', async () => {
  await screen.openList(fresh);
  await screen.press(' ', 'Control+ArrowDown', 'Control+ArrowDown', ' ');
  expect(await selected()).toEqual([1, 3]);
  await screen.press('Control+ArrowDown');
  expect(await screen.place()).toBe(4);
  expect(await selected()).toEqual([1, 3]);
  await screen.press(' ', ' ');
  expect(await selected()).toEqual([1, 3]);
  await screen.press('Escape');
  expect(await selected()).toEqual([4]);
  expect(await header().innerText()).not.toContain('selected');
});

test('Ctrl+A selects all that is listed, not only what is drawn; a filter leaves only what it lists', async () => {
  await screen.openList(fresh);
  const all = await screen.listed();
  await screen.press('Control+a');
  expect(await screen.said).toBe(`${all.toLocaleString()} selected.`);
  expect(await screen.page.evaluate(() => getSelection()?.toString())).toBe('');
  await screen.page.getByRole('searchbox').fill('class:sofa');
  await screen.page.waitForFunction(
    (count) =>
      document.querySelectorAll('.list [role=option]').length > 0 &&
      Number(document.querySelector('.list [role=option]')?.getAttribute('aria-setsize')) < count,
    all,
  );
  const sofas = await screen.listed();
  expect(await header().innerText()).toContain(`${sofas} selected`);
  await screen.list.focus();
  await screen.page.waitForFunction(() => !window.fakeHost.keyboard.typing);
  await screen.press('o');
  const given = await screen.decisions(sofas);
  expect(given.length).toBe(sofas);
});

test('each selected object is given its own closest class, or all of them the one that is chosen', async () => {
  await screen.openList({ ...fresh, preferences: { autoAdvance: 'off' } });
  await screen.press('Control+a');
  const all = await screen.listed();
  const bar = screen.page.getByRole('group', { name: `Verdict of ${all} selected objects` });
  await bar.getByRole('button', { name: 'In distribution: closest class' }).click();
  const own = await screen.decisions(all);
  expect(new Set(own.map(({ decision }) => decision?.class)).size).toBeGreaterThan(3);
  expect(await screen.said).toContain(
    `${all.toLocaleString()} × In distribution: the closest class of each.`,
  );
  expect(
    await bar.getByRole('button', { name: 'In distribution: closest class' }).getAttribute('aria-pressed'),
  ).toBe('true');
  await screen.press('c');
  expect(await screen.page.getByRole('dialog').getAttribute('aria-label')).toBe(
    `Class of ${all.toLocaleString()} objects`,
  );
  await screen.page.keyboard.type('forklift');
  await screen.press('Enter');
  const named = (await screen.decisions(2 * all)).slice(all);
  expect(new Set(named.map(({ decision }) => `${decision?.verdict} ${decision?.class}`))).toEqual(
    new Set(['ood forklift']),
  );
});

test('the selection stays while results arrive, and when the page is made anew', async () => {
  await screen.openList({ ...fresh, screen: 'scanning', objects: 600 });
  await screen.press('ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown');
  const before = await idsOf(2, 3, 4);
  await screen.page.evaluate(() => window.fakeHost.addObjects(200));
  await screen.page.getByRole('button', { name: /^Show .* new/ }).click();
  const ids = () =>
    screen.page.evaluate(() =>
      [...document.querySelectorAll('.list [role=option][aria-selected=true]')].map(({ id }) => id),
    );
  expect((await ids()).sort()).toEqual([...before].sort());
  await screen.reopen({ ...fresh, screen: 'scanning', objects: 600 });
  expect(await header().innerText()).toContain('3 selected');
});

test.each([
  [300, 'dark'],
  [480, 'light'],
  [1040, 'highContrast'],
  [1400, 'light'],
] as const)('at %i px (%s) the selection is to be seen, and axe finds no fault', async (width, theme) => {
  await screen.openList(fresh, width, theme);
  await screen.press('ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown');
  await row(5).click({ modifiers: ['ControlOrMeta'] });
  await screen.settled();
  await screen.shot(`selected-${width}-${theme}`);
  const bar = screen.page.getByRole('group', { name: 'Verdict of 4 selected objects' });
  await screen.expectWithin(screen.page.locator('.app'), await bar.getByRole('button').all());
  expect(await screen.axe()).toEqual([]);
});

test.each([280, 1010, 1400])(
  'how many objects are listed is read whole beside new results (%i px)',
  async (width) => {
    await screen.openList({ ...fresh, screen: 'scanning', objects: 4000 }, width);
    await screen.press('ArrowDown');
    await screen.page.evaluate(() => window.fakeHost.addObjects(1000));
    await screen.page.getByRole('button', { name: /^Show .* new/ }).waitFor();
    for (const part of ['.queue .count', '.queue .header']) {
      const [shown, whole] = await screen.page
        .locator(part)
        .evaluate(({ clientWidth, scrollWidth }) => [clientWidth, scrollWidth]);
      expect(shown, part).toBe(whole);
    }
    await screen.shot(`new-results-${width}`);
  },
);
