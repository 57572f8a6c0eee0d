/// <reference lib="dom" />
import { expect, test } from 'vitest';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();
const control = () => screen.page.getByRole('combobox', { name: 'Sort by' });
const turn = () => screen.page.getByRole('button', { name: /turn the order round$/ });

/** Parts of what each row in sight is called: class, score, side, verdict, file. */
async function spoken(part: number): Promise<string[]> {
  const names = await screen.rows.evaluateAll((rows) =>
    rows
      .sort((a, b) => Number(a.getAttribute('aria-posinset')) - Number(b.getAttribute('aria-posinset')))
      .map((row) => row.getAttribute('aria-label') ?? ''),
  );
  expect(names.length).toBeGreaterThan(5);
  return names.map((name) => name.replace('closest to ', '').split(', ').at(part) ?? '');
}

const sorted = (values: readonly string[]): string[] => [...values].sort();

test('the list is sorted by what is chosen, either way, and so after the page was made anew', async () => {
  await screen.openList();
  const all = await screen.listed();
  await control().selectOption('file');
  const files = await spoken(-1);
  expect(files).toEqual(sorted(files));
  expect(await screen.listed()).toBe(all);
  await control().selectOption('class');
  expect(new Set(await spoken(0))).toEqual(new Set(['aeroplane']));
  await turn().click();
  expect(new Set(await spoken(0))).toEqual(new Set(['tvmonitor']));
  await screen.reopen();
  expect(await control().inputValue()).toBe('class');
  // It opens where the focused object is, which need not be at the beginning.
  const kept = await spoken(0);
  expect(kept).toEqual(sorted(kept).reverse());
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Classes from Z to A');
});

test('keys go from row to row in the order that is shown', async () => {
  await screen.openList();
  await control().selectOption('size');
  await screen.rows.nth(2).click();
  expect(await screen.place()).toBe(3);
  await screen.list.focus();
  await screen.press('ArrowDown');
  expect(await screen.place()).toBe(4);
  await screen.press('End');
  expect(await screen.place()).toBe(await screen.listed());
});

test('the rule of δ stands between rows only where they are sorted by score, and says which side follows', async () => {
  await screen.openList({ objects: 60, reviewed: 0 });
  await screen.page.getByRole('radio', { name: 'All' }).click();
  const rule = screen.page.locator('.list .rule');
  expect(await rule.innerText()).toContain('kept from here');
  await turn().click();
  expect(await rule.innerText()).toContain('flagged from here');
  await control().selectOption('file');
  expect(await rule.count()).toBe(0);
});

test.each([280, 300, 1040, 1400])('at %i px the control is whole, and keys reach it', async (width) => {
  await screen.openList({}, width);
  await control().selectOption('detector');
  await control().focus();
  await screen.press('Tab');
  expect(await turn().evaluate((button) => button === document.activeElement)).toBe(true);
  await screen.press('Enter');
  expect(await turn().getAttribute('aria-label')).toContain('Highest detector score first');
  const header = (await screen.page.locator('.queue .header').boundingBox())!;
  for (const part of [control(), turn()]) {
    const box = (await part.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(header.x);
    expect(box.x + box.width).toBeLessThanOrEqual(header.x + header.width);
  }
  await screen.shot(`sorted-${width}`);
  const faults = (await screen.axe()).filter((fault) => /Sort by|turn the order round/.test(fault));
  expect(faults).toEqual([]);
});

test('labels are sorted with the most doubtful first, where the dataset has any', async () => {
  await screen.openList({ reviewed: 0 });
  await control().selectOption('disagreement');
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Most doubtful labels first');
  await screen.rows.first().click();
  await screen.page.locator('.sentence').getByText('The file says').waitFor();
  const gap = async (): Promise<number> =>
    Number(
      /([\d.]+)/.exec((await screen.page.locator('.sentence').innerText()).split('The file says')[1])?.[1],
    );
  const first = await gap();
  await screen.list.focus();
  await screen.press('ArrowDown');
  await screen.page.waitForTimeout(100);
  expect(await gap()).toBeLessThanOrEqual(first);
  await control().selectOption('score');
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Lowest score first');
});

test('where the dataset has no labels, none are offered to sort by', async () => {
  await screen.openList({ labelled: false });
  expect(await control().locator('option').allInnerTexts()).not.toContain('Label');
});
