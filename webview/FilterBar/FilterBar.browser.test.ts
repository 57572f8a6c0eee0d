/// <reference lib="dom" />
import { expect, test } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const field = () => screen.page.getByRole('searchbox');

async function type(text: string): Promise<number> {
  await field().fill(text);
  await screen.page.waitForFunction(
    (wanted) => (window.fakeHost.state.current as { text: string }).text === wanted,
    text,
  );
  return screen.listed();
}

test('a term narrows the list, and does so after the page was made anew', async () => {
  await screen.openList({ reviewed: 142 });
  const all = await screen.listed();
  const unreviewed = await type('verdict:unreviewed');
  expect(unreviewed).toBe(all - 142);
  const low = await type('verdict:unreviewed score:..0.25');
  expect(low).toBeGreaterThan(0);
  expect(low).toBeLessThan(unreviewed);
  await screen.reopen({ reviewed: 142 });
  expect(await field().inputValue()).toBe('verdict:unreviewed score:..0.25');
  expect(await screen.listed()).toBe(low);
});

test('words and the side of δ narrow the list together; what is filtered away is got back', async () => {
  await screen.openList();
  await field().fill('PETS sofa');
  await screen.page.waitForFunction(() =>
    [...document.querySelectorAll('[role=option]')].every((row) =>
      /sofa.*pets\//.test(row.getAttribute('aria-label') ?? ''),
    ),
  );
  expect(await screen.rows.count()).toBeGreaterThan(3);
  await field().fill('no such object');
  await screen.page.getByText('No object matches these filters.').waitFor();
  await screen.page.getByRole('button', { name: 'Clear Filters' }).click();
  await screen.page.getByRole('radio', { name: 'Kept' }).click();
  expect(await screen.rows.first().getAttribute('aria-label')).toContain(', kept, ');
  expect(await screen.listed()).toBe(9615 - (await screen.flagged()));
  // Arrows go round among the sides.
  await screen.press('ArrowRight', 'ArrowRight');
  expect(await screen.page.getByRole('radio', { name: 'Flagged' }).getAttribute('aria-checked')).toBe('true');
  expect(await screen.listed()).toBe(await screen.flagged());
});

test('the tooltip of the filter names every verdict', async () => {
  await screen.openList();
  const title = await field().getAttribute('title');
  for (const verdict of ['unreviewed', 'ood', 'id', 'ignored']) expect(title).toContain(verdict);
});

test('a list that was empty takes no key from the field in which the filter is typed', async () => {
  await screen.openList();
  await field().fill('nothing is called so');
  await screen.page.getByText('No object matches these filters.').waitFor();
  await field().fill('cafe');
  await screen.rows.first().waitFor();
  await screen.press('/');
  expect(await field().inputValue()).toBe('cafe/');
});

test('an object that was given a verdict leaves a list of the unreviewed, and the next is looked at', async () => {
  await screen.openList({ reviewed: 0 });
  const before = await type('verdict:unreviewed');
  await field().press('Enter');
  await screen.press('ArrowDown');
  const third = await screen.rows.nth(2).getAttribute('id');
  await screen.press('o');
  await screen.page.waitForFunction(
    (count) => document.querySelector('.list [role=option]')?.getAttribute('aria-setsize') === String(count),
    before - 1,
  );
  expect(await screen.focused.getAttribute('id')).toBe(third);
  expect(await screen.place()).toBe(2);
});

test('without auto-advance the way on starts where the object was', async () => {
  await screen.openList({ reviewed: 0, preferences: { autoAdvance: 'off' } });
  await type('verdict:unreviewed');
  await field().press('Enter');
  await screen.press('ArrowDown', 'ArrowDown');
  const fourth = await screen.rows.nth(3).getAttribute('id');
  await screen.press('o');
  await screen.page.getByText('not in this list').waitFor();
  await screen.press('ArrowDown');
  expect(await screen.focused.getAttribute('id')).toBe(fourth);
  expect(await screen.place()).toBe(3);
});
