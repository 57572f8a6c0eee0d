/// <reference lib="dom" />
import { expect, test } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

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

test('what is nearest to δ comes first on both of its sides, and follows δ', async () => {
  await screen.openList({ reviewed: 0 });
  await screen.page.getByRole('radio', { name: 'All' }).click();
  await control().selectOption('nearest');
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Nearest to δ first');
  const delta = async (): Promise<number> =>
    Number(await screen.page.getByRole('slider').first().getAttribute('aria-valuenow'));
  const distances = async (): Promise<number[]> => {
    const value = await delta();
    return (await spoken(1)).map((score) => Math.abs(Number(score.replace('score ', '')) - value));
  };
  const rises = (values: readonly number[]): boolean =>
    values.every((value, at) => at === 0 || value >= values[at - 1] - 0.0011); // scores are told in thousandths
  const first = await distances();
  expect(first[0]).toBeLessThan(0.002);
  expect(rises(first)).toBe(true);
  expect(new Set(await spoken(2))).toEqual(new Set(['flagged', 'kept']));
  const before = await delta();
  await screen.list.focus();
  for (let step = 0; step < 4; step++) await screen.press('Shift+.');
  expect(await delta()).toBeGreaterThan(before);
  await screen.page.evaluate(() => (document.querySelector('.queue .view')!.scrollTop = 0));
  await screen.page.waitForFunction(() => document.querySelector('.list [aria-posinset="1"]'));
  expect((await distances())[0]).toBeLessThan(0.002);
});

test('where methods disagree most comes first', async () => {
  await screen.openList({ reviewed: 0 });
  await control().selectOption('methods');
  expect(await screen.list.getAttribute('aria-label')).toBe('Objects: Where methods disagree most first');
  // Percentiles as they stand beside the object: that of UNI-OOD, then those of the others.
  const gap = async (): Promise<number> => {
    const section = screen.page.locator('section', { hasText: 'Other methods' });
    await section.getByText('RUNA-like').waitFor();
    const shown = (await section.innerText()).match(
      /(?:UNI-OOD|MCM|Max cosine|GL-MCM|RUNA-like)\s+[\d.−]+\s+(<?\d+)/g,
    )!;
    const [own, ...others] = shown.map((line) => (line.endsWith('<1') ? 0 : Number(line.split(/\s/).at(-1))));
    return Math.abs(own - others.reduce((sum, value) => sum + value, 0) / others.length);
  };
  await screen.rows.first().click();
  const most = await gap();
  await turn().click();
  await screen.rows.first().click();
  await screen.page.waitForTimeout(100);
  expect(most).toBeGreaterThan((await gap()) + 2);
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
  for (const longest of ['nearest', 'methods']) {
    await control().selectOption(longest);
    const box = (await turn().boundingBox())!;
    expect(box.x + box.width).toBeLessThanOrEqual(header.x + header.width);
  }
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
