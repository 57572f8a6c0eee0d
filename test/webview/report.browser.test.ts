/// <reference lib="dom" />
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type AxeCore from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ScanStore } from '../../extension/store/scanStore';
import { launchChromium } from '../browser/chromium.mjs';
import { CommandLine } from '../commandLine/commandLine';

const root = path.resolve(import.meta.dirname, '../..');
const shots = path.join(root, 'test-output/report');
const commandLine = new CommandLine();
const report = path.join(commandLine.place, 'all.html');
const flaggedReport = path.join(commandLine.place, 'flagged.html');
let browser: Browser;
let page: Page;
let faults: string[] = [];
let asked: string[] = [];

/** A real scan with verdicts, exported as a person does. */
beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  const folder = commandLine.samples('field photos', ['cat.png', 'coffee.jpg', 'rocket.jpg', 'boats.jpg']);
  const { objects } = await commandLine.results(folder, '--classes', 'voc');
  const store = ScanStore.open(path.join(folder, '.uni-ood'));
  const [{ reference, threshold }] = store.summaries(folder);
  const scores = objects.map(({ score }) => score).sort((a, b) => a - b);
  store.setUserThreshold(reference.scanId, scores[Math.ceil(scores.length / 2)] + 1e-6);
  expect(threshold.value).toBeTypeOf('number');
  const [lowest] = [...objects].sort((a, b) => a.score - b.score);
  const named = [{ id: lowest.id, decision: { verdict: 'ood', class: 'space <ship>' } }] as const;
  store.decide(reference.scanId, named, '2026-01-02T03:04:05Z');
  store.close();
  for (const [file, ...more] of [[report, '--only', 'all'], [flaggedReport]] as const) {
    const { status, words } = await commandLine.run(
      'export',
      folder,
      '--format',
      'html',
      '--output',
      file,
      ...more,
    );
    expect(status, words).toBe(0);
  }
  browser = await launchChromium();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  commandLine.dispose();
});
afterEach(async () => {
  await page.close();
  expect(faults, 'the page reported errors').toEqual([]);
  expect(
    asked.filter((address) => !address.startsWith('data:')),
    'the page asked for more than itself',
  ).toEqual([]);
});

type Look = 'dark' | 'light' | 'contrast';

async function open(file: string, width = 1400, look: Look = 'dark', height = 868): Promise<void> {
  page = await browser.newPage({
    viewport: { width, height },
    colorScheme: look === 'light' ? 'light' : 'dark',
    contrast: look === 'contrast' ? 'more' : 'no-preference',
  });
  page.setDefaultTimeout(10_000);
  faults = [];
  asked = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== address) asked.push(request.url());
  });
  await page.goto(address);
  await rows().first().waitFor();
  await page.locator('figure .picture img').nth(1).waitFor();
  await page.waitForFunction(() =>
    [...document.images].every((image) => image.complete && image.naturalWidth > 0),
  );
}

const rows = () => page.locator('.list [role=option]');

async function axe(): Promise<string[]> {
  // The page's policy lets no script in; the browser's own tools are let past it.
  const source = await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof AxeCore }).axe.run('html', {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      rules: { 'label-content-name-mismatch': { enabled: false } },
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
  });
}

describe('a report opened from disk', () => {
  it.each([
    [1400, 'dark'],
    [1400, 'light'],
    [1400, 'contrast'],
    [900, 'light'],
    [700, 'dark'],
    [320, 'light'],
    [280, 'dark'],
  ] as const)('shows the review at %i px, %s', async (width, look) => {
    await open(report, width, look);
    expect(await page.getByRole('heading', { name: 'UNI-OOD report: field photos' }).count()).toBe(1);
    await page.getByText('read-only').waitFor();
    await page.getByText('Out of distribution: space <ship>').first().waitFor();
    await page.screenshot({ path: path.join(shots, `${width}-${look}.png`) });
    expect(await axe()).toEqual([]);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
  });

  it('tells what is chosen where the system takes all colours away', async () => {
    await open(report);
    await page.emulateMedia({ forcedColors: 'active' });
    const outlines = (isChecked: boolean) =>
      page
        .locator(`[role=radio][aria-checked=${isChecked}]`)
        .evaluateAll((radios) => [...new Set(radios.map((radio) => getComputedStyle(radio).outlineStyle))]);
    expect(await outlines(true)).toEqual(['solid']);
    expect(await outlines(false)).toEqual(['none']);
    await page.screenshot({ path: path.join(shots, '1400-forced.png') });
  });

  it('draws data where the system takes all colours away', async () => {
    await open(report);
    await page.emulateMedia({ forcedColors: 'active' });
    const painted = (selector: string, pseudo?: string) =>
      page.locator(selector).evaluateAll((parts, part) => {
        const canvas = getComputedStyle(document.body).backgroundColor;
        return parts.filter((element) => {
          const { backgroundColor, backgroundImage } = getComputedStyle(element, part);
          const isSeen = backgroundColor !== canvas && !/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor);
          return isSeen || backgroundImage !== 'none';
        }).length;
      }, pseudo);
    const first = (selector: string) => page.locator(selector).count();
    // Not every photo has a background that context can be told of.
    for (let moves = 0; moves < 20 && (await first('[aria-label=Context] .bar')) === 0; moves++) {
      await page.keyboard.press('j');
      await page.waitForTimeout(100);
    }
    for (const [selector, pseudo] of [
      ['[aria-label=Context] .bar'],
      ['.strip', '::before'],
      ['.strip', '::after'],
      ['.legend .ramp'],
      ['.legend .ramp i'],
    ] as const) {
      expect(await first(selector), selector).toBeGreaterThan(0);
      expect(await painted(selector, pseudo), `${selector}${pseudo ?? ''}`).toBe(await first(selector));
    }
    const opacity = page.getByRole('slider', { name: 'Map opacity' });
    expect(await opacity.evaluate((range) => getComputedStyle(range).forcedColorAdjust)).toBe('none');
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ forcedColors: 'active', colorScheme });
      for (const width of [760, 360]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: path.join(shots, `${width}-forced-${colorScheme}.png`) });
      }
    }
  });

  it('is moved through by keys, with maps, filters and other objects', async () => {
    await open(report);
    const focused = () => page.locator('.list [role=option].focused').getAttribute('aria-posinset');
    await page.keyboard.press('j');
    await expect.poll(focused).toBe('2');
    await page.keyboard.press('Shift+Digit2');
    await page.getByRole('radio', { name: /Attention/, checked: true }).waitFor();
    const flagged = Number(await rows().first().getAttribute('aria-setsize'));
    await page.getByRole('radio', { name: 'All', exact: true }).click();
    await expect
      .poll(async () => Number(await rows().first().getAttribute('aria-setsize')))
      .toBeGreaterThan(flagged);
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog');
    await keys.getByText('Next, Previous Object').waitFor();
    expect(await keys.getByText(/Undo|Ignore|Annotation|Change keys/).count()).toBe(0);
    await page.screenshot({ path: path.join(shots, 'keys.png') });
    expect(await axe()).toEqual([]);
  });

  it('changes nothing: no verdict, no export, nothing to open', async () => {
    await open(report);
    const before = await rows().allInnerTexts();
    for (const key of ['o', 'i', 'x', '1', 'c', 'u', 'e', 'Control+z']) await page.keyboard.press(key);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await rows().allInnerTexts()).toEqual(before);
    expect(
      await page
        .getByRole('button', { name: /distribution|Ignore|Undo|Redo|Export|Open|annotation|Other/ })
        .count(),
    ).toBe(0);
  });

  it('is grouped by what it holds, with no verdict to give to a group', async () => {
    await open(report);
    const control = page.getByRole('combobox', { name: 'Group by' });
    for (const value of ['image', 'class', 'newName', 'likeness', 'none']) {
      await page.keyboard.press('Shift+V');
      await expect.poll(() => control.inputValue()).toBe(value);
    }
    await control.selectOption('class');
    const head = page.locator('.queue .group-head').first();
    await head.hover();
    expect(await head.getByRole('button').count()).toBe(1); // what folds it
    expect(await axe()).toEqual([]);
    await control.selectOption('likeness');
    const titles = page.locator('.queue .group-head b');
    // The page's data say what is alike: nothing here asks an engine.
    await expect.poll(async () => (await titles.allInnerTexts()).at(-1)).toBe('Alone');
    expect(await axe()).toEqual([]);
    await page.screenshot({ path: path.join(shots, 'likeness.png') });
  });

  it('lets δ be moved for as long as it is open', async () => {
    await open(report);
    const flagged = async () => Number(await rows().first().getAttribute('aria-setsize'));
    const before = await flagged();
    const slider = page.getByRole('slider').first();
    await slider.focus();
    await page.keyboard.press('PageUp');
    await expect.poll(flagged).not.toBe(before);
    await page.reload();
    await rows().first().waitFor();
    expect(await flagged()).toBe(before);
  });

  it('of flagged objects says so where another is looked at', async () => {
    await open(flaggedReport);
    await page.getByText(/pictures of \d+ flagged objects/).waitFor();
    await page.getByRole('radio', { name: 'Kept', exact: true }).click();
    await rows().first().click();
    await page.getByText('This report holds the pictures of objects that were flagged').waitFor();
    await page.screenshot({ path: path.join(shots, 'not-held.png') });
    expect(await axe()).toEqual([]);
  });

  it('names no place of the computer it was made on', async () => {
    await open(report);
    expect(readFileSync(report, 'utf8')).not.toContain(commandLine.place);
  });

  it('runs no script but its own, whatever the data hold', async () => {
    const text = readFileSync(report, 'utf8');
    expect(text).not.toMatch(/<ship>/);
    const tampered = path.join(commandLine.place, 'tampered.html');
    writeFileSync(
      tampered,
      text.replace('<body class="report">', '<body class="report"><script>window.taken = 1</script>'),
    );
    await open(tampered);
    expect(await page.evaluate(() => 'taken' in window)).toBe(false);
    expect(faults.splice(0).join()).toMatch(/Content Security Policy/);
  });
});
