/// <reference lib="dom" />
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type AxeCore from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { english } from '../../extension/protocol/localisation';
import { progressText, progressWords } from '../../extension/protocol/progressText';
import { launchChromium } from '../browser/chromium.mjs';
import { ReviewServer, type PageOptions, type Theme } from './reviewServer';

const shots = path.resolve(import.meta.dirname, '../../test-output/webview');
let server: ReviewServer;
let browser: Browser;
let page: Page;
let faults: string[];

beforeAll(async () => {
  server = await ReviewServer.start();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  const violations = await page.evaluate(() => window.fakeHost.violations);
  await page.close();
  expect(violations, 'the page breaks its content security policy').toEqual([]);
  expect(faults, 'the page reported errors').toEqual([]);
});

async function open(
  options: PageOptions = {},
  width = 1400,
  theme: Theme = 'dark',
  height = 868,
): Promise<void> {
  page = await browser.newPage({ viewport: { width, height } });
  faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  await page.goto(server.address(theme, options));
}

const rows = () => page.locator('.list').getByRole('option');
const count = async (): Promise<number> => {
  const text = await page.locator('.threshold').innerText();
  return Number(/([\d,]+)\s+of [\d,]+ flagged/.exec(text)?.[1].replaceAll(',', ''));
};
const pictures = () => page.locator('figure .picture');
const settled = async (): Promise<void> => {
  await page.locator('figure .picture img').nth(1).waitFor();
  await page.waitForFunction(() =>
    [...document.images].every((image) => image.complete && image.naturalWidth > 0),
  );
};

describe('the list', () => {
  it('shows flagged objects, lowest score first, with crop, score and best class', async () => {
    await open();
    await rows().first().waitFor();
    const names = await rows().evaluateAll((options) =>
      options.map((option) => option.getAttribute('aria-label') ?? ''),
    );
    const scores = names.map((name) => Number(/score ([−\d.]+)/.exec(name)?.[1]));
    expect(names.length).toBeGreaterThan(10);
    expect(names.every((name) => name.includes(', flagged, '))).toBe(true);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(Math.max(...scores)).toBeLessThan(0.271);
    expect(await rows().first().getAttribute('aria-setsize')).toBe(String(await count()));
    await rows().first().locator('img').waitFor();
  });

  it('is moved through by keys, and the focus is told to the host', async () => {
    await open();
    await rows().first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.locator('[role=option][aria-posinset="2"][aria-selected=true]').waitFor();
    await page.waitForFunction(() => window.fakeHost.focused.length === 3);
    await page.keyboard.press('End');
    const last = await count();
    await page.locator(`[role=option][aria-posinset="${last}"][aria-selected=true]`).waitFor();
    const active = await page.getByRole('listbox').getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).getAttribute('aria-posinset')).toBe(String(last));
    await page.waitForFunction(() => window.fakeHost.focused.length === 4);
  });

  it('opens the wide editor from the side bar with Enter', async () => {
    await open({ place: 'sideBar' }, 360);
    await rows().first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.fakeHost.commands.includes('openReviewInEditor'));
  });

  it('keeps the verdicts in sight while the reasons are scrolled through in the side bar', async () => {
    await open({ place: 'sideBar' }, 360);
    await rows().first().waitFor();
    for (const name of ['Class scores', 'Other methods', 'Context', 'In this photo', 'Details']) {
      await page
        .getByRole('region', { name })
        .or(page.getByRole('heading', { name }))
        .first()
        .scrollIntoViewIfNeeded();
      const verdicts = await page.getByRole('group', { name: 'Verdict' }).boundingBox();
      expect(verdicts!.y + verdicts!.height).toBeLessThanOrEqual(page.viewportSize()!.height);
    }
  });

  it('is filtered by words and by side of δ', async () => {
    await open();
    await rows().first().waitFor();
    await page.getByRole('searchbox').fill('PETS sofa');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[role=option]')].every((row) =>
        /sofa.*pets\//.test(row.getAttribute('aria-label') ?? ''),
      ),
    );
    expect(await rows().count()).toBeGreaterThan(3);
    await page.getByRole('searchbox').fill('no such object');
    await page.getByText('No object matches these filters.').waitFor();
    await page.getByRole('button', { name: 'Clear Filters' }).click();
    await page.getByRole('radio', { name: 'Kept' }).click();
    expect(await rows().first().getAttribute('aria-label')).toContain(', kept, ');
    expect(await rows().first().getAttribute('aria-setsize')).toBe(String(9615 - (await count())));
  });

  it('asks only for pictures of rows in sight', async () => {
    await open();
    await rows().first().waitFor();
    await settled();
    await page.locator('.queue .view').evaluate((list) => {
      for (let step = 0; step < 20; step++) list.scrollTop = step * 2000;
    });
    await page.waitForTimeout(300);
    const batches = await page.evaluate(() => window.fakeHost.thumbnailBatches);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(24);
    expect(batches.flat().length).toBeLessThan(120);
  });
});

describe('the side bar', () => {
  /** Rows that can be seen whole. */
  const wholeRows = () =>
    page.locator('.queue .view').evaluate((list) => {
      const { top, bottom } = list.getBoundingClientRect();
      return [...list.querySelectorAll('[role=option]')].filter((row) => {
        const place = row.getBoundingClientRect();
        return place.top >= top && place.bottom <= bottom;
      }).length;
    });

  it.each([
    [300, 950, 6],
    [360, 950, 6],
    [400, 950, 6],
    [300, 720, 3],
    [300, 500, 1],
    [250, 500, 1],
  ])('of %i × %i px shows %i rows or more, photo, map switch and opacity', async (width, height, fewest) => {
    await open({ place: 'sideBar', calibration: 34 }, width, 'dark', height);
    await settled();
    expect(await wholeRows()).toBeGreaterThanOrEqual(fewest);
    const maps = ['Photo', 'Attention β', 'Alignment μ', 'Combined ω'];
    const seen = [
      ...maps.map((name) => page.getByRole('radio', { name, exact: true })),
      page.getByRole('slider', { name: 'Map opacity' }),
      page.getByRole('group', { name: 'Object', exact: true }),
      page.getByRole('group', { name: 'Photo', exact: true }),
      page.getByRole('heading', { name: 'Class scores' }),
    ];
    for (const part of seen) {
      const isOnTop = await part.evaluate((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const corners = [left + 2, right - 2].flatMap((x) => [top + 2, bottom - 4].map((y) => [x, y]));
        return corners.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
      });
      expect(isOnTop, `${String(part)} is in sight`).toBe(true);
    }
    for (const name of ['Object', 'Photo'])
      expect(
        (await page.getByRole('group', { name, exact: true }).boundingBox())!.height,
      ).toBeGreaterThanOrEqual(70);
  });

  it('says in one line what δ was measured on, and in full when asked', async () => {
    await open({ place: 'sideBar', calibration: 34 }, 300);
    const origin = page.getByRole('button', { name: /^Measured on 34 objects only/ });
    expect((await origin.boundingBox())!.height).toBeLessThanOrEqual(24);
    expect(await origin.getAttribute('title')).toContain('in 12 photos; expect');
    await origin.click();
    expect(await origin.getAttribute('aria-expanded')).toBe('true');
    expect((await origin.boundingBox())!.height).toBeGreaterThan(40);
    const isWhole = await origin.evaluate((line) => line.scrollWidth <= line.clientWidth);
    expect(isWhole).toBe(true);
  });
});

describe('an editor of medium width', () => {
  it.each([[1040], [1140]])('of %i px shows what each map would show, and cuts no label', async (width) => {
    await open({}, width);
    await settled();
    expect(await page.getByRole('radiogroup', { name: 'Map' }).locator('img').count()).toBe(8);
    for (const label of ['Attention β', 'Alignment μ', 'Combined ω']) {
      const isWhole = await page
        .getByText(label)
        .first()
        .evaluate((element) => {
          const { left, right } = element.getBoundingClientRect();
          const frame = element.closest('.header, button')!.getBoundingClientRect();
          return element.scrollWidth <= element.clientWidth + 1 && left >= frame.left && right <= frame.right;
        });
      expect(isWhole, label).toBe(true);
    }
  });

  it.each([[1140], [760], [300]])(
    'of %i px keeps the number and the extension of a file name in sight',
    async (width) => {
      await open({ place: width < 560 ? 'sideBar' : 'editor' }, width);
      await settled();
      const names = page.locator('[role=option] .file, header h1 b');
      expect(await names.count()).toBeGreaterThan(3);
      const ends = await names.evaluateAll((all) =>
        all.map((name) => {
          const text = name.textContent.trim();
          const characters = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
          let last = characters.nextNode() as Text;
          for (let next = last; next !== null; next = characters.nextNode() as Text)
            if (next.data.trim() !== '') last = next;
          const range = document.createRange();
          range.selectNodeContents(last);
          const frame = name.getBoundingClientRect();
          return [text, last.data, range.getBoundingClientRect().right <= frame.right + 1] as const;
        }),
      );
      for (const [text, end, isInside] of ends) {
        expect(end, text).toMatch(/^\d{6}\.(jpg|png|webp)$/);
        expect(isInside, text).toBe(true);
      }
    },
  );
});

describe('the chosen object', () => {
  it('shows each map over crop and photo, different from the bare photo and from the other maps', async () => {
    await open();
    const seen: Buffer[][] = [[], []];
    for (const name of ['Photo', 'Attention β', 'Alignment μ', 'Combined ω']) {
      await page.getByRole('radio', { name }).click();
      await settled();
      expect(await page.locator('figure canvas').count()).toBe(name === 'Photo' ? 0 : 2);
      for (const place of [0, 1]) seen[place].push(await pictures().nth(place).screenshot());
    }
    for (const place of seen)
      for (let one = 0; one < place.length; one++)
        for (let other = one + 1; other < place.length; other++)
          expect(place[one].equals(place[other])).toBe(false);
  });

  it('names the range of each map, and its strength can be chosen', async () => {
    await open();
    await page.getByRole('radio', { name: 'Attention β' }).click();
    await settled();
    const legend = await page.locator('figcaption').first().innerText();
    expect(legend).toMatch(/^0\s[\s\S]*×[\s\S]*an even share[\s\S]*\[CLS\] 18\s%/);
    await page.getByRole('slider', { name: 'Map opacity' }).fill('20');
    expect(
      await page
        .locator('figure canvas')
        .first()
        .evaluate((canvas) => getComputedStyle(canvas).opacity),
    ).toBe('0.2');
  });

  it('says why the background has no map when the whole photo is the object', async () => {
    await open({ reviewed: 0 });
    await page.getByRole('searchbox').fill('bird');
    await page.waitForTimeout(200);
    await rows().first().click();
    await page.getByText('the whole photo is the object').waitFor();
    expect(await page.locator('figcaption').nth(1).innerText()).toBe('Not used: no background');
    expect(await page.locator('section[aria-label="Context"]').innerText()).toContain(
      'Not used: no other object in this photo.',
    );
  });

  it('shows class scores, other methods, context and the objects of the photo', async () => {
    await open();
    await settled();
    const section = (name: string) => page.locator(`section[aria-label="${name}"]`);
    expect(await section('Class scores').getByRole('button').count()).toBe(6);
    for (const method of ['MCM', 'Max cosine', 'GL-MCM', 'RUNA-like'])
      expect(await section('Other methods').innerText()).toContain(method);
    const weights = [...(await section('Context').innerText()).matchAll(/(\d+)\s%/g)].map(([, weight]) =>
      Number(weight),
    );
    expect(weights.slice(0, 6)).toEqual([...weights.slice(0, 6)].sort((a, b) => b - a));
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeGreaterThan(90);
    expect(await section('In this photo').getByRole('button').count()).toBe(5);
  });

  it('keeps the labels of a crowded photo apart, that of the object among them', async () => {
    await open({ crowd: 60 });
    await settled();
    const labels = await page.locator('figure .label').evaluateAll((all) =>
      all.map((label) => {
        const { left, top, right, bottom } = label.getBoundingClientRect();
        return { text: label.textContent, left, top, right, bottom };
      }),
    );
    expect(labels.length).toBeGreaterThan(10);
    expect(labels.length).toBeLessThan(65);
    expect(labels.map(({ text }) => text)).toContain('≈ sofa 0.098');
    for (const [index, one] of labels.entries())
      for (const other of labels.slice(index + 1)) {
        const apart =
          one.right <= other.left ||
          other.right <= one.left ||
          one.bottom <= other.top ||
          other.bottom <= one.top;
        expect(apart, `${one.text} and ${other.text}`).toBe(true);
      }
  });

  it('draws class scores on the axis of the list, with numbers; what lies beyond it is an arrow', async () => {
    await open({}, 1500);
    await settled();
    const section = page.locator('section[aria-label="Class scores"]');
    const markOf = (strip: Locator) =>
      strip.evaluate((element) => {
        const { left, width } = element.getBoundingClientRect();
        const mark = element.querySelector('i')!;
        const delta = Number.parseFloat(getComputedStyle(element, '::after').left);
        const place = mark.getBoundingClientRect();
        return { score: (place.left + place.width / 2 - left) / width, delta: delta / width };
      });
    await rows().nth(7).click();
    await page.locator('[role=option][aria-selected=true][aria-posinset="8"]').waitFor();
    await settled();
    const listed = await markOf(rows().nth(7).locator('.strip'));
    const best = await markOf(section.locator('button .strip').first());
    expect(best.score).toBeCloseTo(listed.score, 2);
    expect(best.delta).toBeCloseTo(listed.delta, 2);
    const lowest = Number(
      /from (\S+) to/.exec((await page.locator('.histogram > svg').getAttribute('aria-label'))!)![1],
    );
    const marks = await section.locator('button:has(.strip)').evaluateAll((all) =>
      all.map((row) => ({
        score: Number(row.querySelector('.num')!.textContent),
        isArrow: row.querySelector('.strip i')!.classList.contains('low'),
      })),
    );
    expect(marks.map(({ isArrow }) => isArrow)).toEqual(marks.map(({ score }) => score < lowest));
    expect(marks.some(({ isArrow }) => isArrow)).toBe(true);
    const places = await section
      .locator('button .strip')
      .evaluateAll((strips) =>
        strips.map((strip) => Number.parseFloat(strip.querySelector<HTMLElement>('i')!.style.left)),
      );
    expect(places).toHaveLength(5);
    expect(places).toEqual([...places].sort((one, other) => other - one));
    expect((await section.locator('.ticks em:not(.delta)').count()) > 1).toBe(true);
    expect((await page.locator('.histogram text').count()) > 1).toBe(true);
  });

  it('focuses another object of the photo, listed or not', async () => {
    await open();
    await settled();
    const other = page.locator('section[aria-label="In this photo"] button:not([aria-current])').first();
    await other.click();
    await page.locator('section[aria-label="In this photo"] button[aria-current]').first().waitFor();
    const before = await page.evaluate(() => window.fakeHost.focused.length);
    await page.locator('figure button').last().click();
    await page.waitForFunction((length) => window.fakeHost.focused.length > length, before);
  });
});

describe('the threshold', () => {
  it('re-flags at once by keyboard, and is stored', async () => {
    await open();
    await rows().first().waitFor();
    const before = await count();
    await page.getByRole('slider', { name: 'Threshold' }).focus();
    await page.keyboard.press('PageUp');
    const after = await count();
    expect(after).toBeGreaterThan(before);
    expect(await rows().first().getAttribute('aria-setsize')).toBe(String(after));
    expect(await page.getByRole('slider', { name: 'Threshold' }).getAttribute('aria-valuetext')).toBe(
      `0.281, ${after.toLocaleString('en-US')} of 9,615 flagged`,
    );
    await page.waitForFunction(() => window.fakeHost.thresholds.length === 1);
    expect(await page.evaluate(() => window.fakeHost.thresholds)).toEqual([0.281]);
    await page.getByRole('button', { name: 'Reset to the measured threshold' }).click();
    await page.waitForFunction(() => window.fakeHost.thresholds.length === 2);
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.threshold input')?.value === '0.271',
    );
    expect(await count()).toBe(before);
  });

  it('re-flags while it is dragged', async () => {
    await open();
    await rows().first().waitFor();
    const before = await count();
    const knob = await page.getByRole('slider', { name: 'Threshold' }).boundingBox();
    if (knob === null) throw new Error('The threshold has no knob.');
    const x = knob.x + knob.width / 2;
    const y = knob.y + knob.height / 2;
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 30, y, { steps: 3 });
    const during = await count();
    expect(during).toBeLessThan(before);
    expect(await rows().first().getAttribute('aria-setsize')).toBe(String(during));
    await page.mouse.up();
    await page.waitForFunction(() => window.fakeHost.thresholds.length === 1);
  });

  it.each([[1400], [300]])(
    'takes a typed number with a comma, and says what it cannot take (%i px)',
    async (width) => {
      await open({}, width);
      await rows().first().waitFor();
      const place = await rows().first().boundingBox();
      const field = page.locator('.threshold input');
      await field.fill('0,2');
      await field.press('Enter');
      expect(await field.inputValue()).toBe('0.200');
      await page.waitForFunction(() => window.fakeHost.thresholds.includes(0.2));
      const says = page.locator('.threshold').getByRole('alert');
      await says.waitFor({ state: 'detached' });
      for (const [typed, fault] of [
        ['much', 'That is no number.'],
        ['7', '7.000 is out of range.'],
        ['-3', '−3.000 is out of range.'],
      ]) {
        await field.fill(typed);
        await field.press('Enter');
        expect(await field.inputValue()).toBe('0.200');
        expect(await says.innerText()).toMatch(/Type −?0\.\d{3} to 0\.\d{3}\. δ stays 0\.200\.$/);
        expect(await says.innerText()).toContain(fault);
        expect(await field.getAttribute('aria-invalid')).toBe('true');
        expect(await rows().first().boundingBox()).toEqual(place);
      }
      await page.waitForTimeout(300);
      expect(await page.evaluate(() => window.fakeHost.thresholds)).toEqual([0.2]);
      await field.press('Escape');
      await says.waitFor({ state: 'detached' });
      const highest = /to (\d\.\d{3})/.exec(await refusal('9'))![1];
      await field.fill(highest);
      await field.press('Tab');
      expect(await field.inputValue()).toBe(highest);
      await says.waitFor({ state: 'detached' });

      async function refusal(text: string): Promise<string> {
        await field.fill(text);
        await field.press('Enter');
        return says.innerText();
      }
    },
  );
});

/** A verdict stays on its object. */
const staying = { preferences: { autoAdvance: 'off' } } as const;

/** Types a name where a class is chosen. */
async function chooseName(name: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Class or new name/ }).fill(name);
  await page.keyboard.press('Enter');
}

describe('verdicts', () => {
  it('are shown at once and stored', async () => {
    await open({ reviewed: 0, ...staying });
    await settled();
    await page.getByRole('button', { name: 'Out of distribution' }).click();
    expect(await page.getByRole('button', { name: 'Out of distribution' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
    expect(await rows().first().getAttribute('aria-label')).toContain('Out of distribution');
    await page.waitForFunction(() => window.fakeHost.decisions.length === 1);
    const [change] = await page.evaluate(() => window.fakeHost.decisions);
    expect(change.decision).toEqual({ verdict: 'ood' });

    const inOrder: [string | RegExp, number][] = [
      [/^In distribution: /, 2],
      ['Other Class…', 3],
      ['Ignore', 4],
      ['Clear verdict', 5],
    ];
    for (const [name, stored] of inOrder) {
      await page.getByRole('button', { name, exact: true }).first().click();
      if (name === 'Other Class…') await chooseName('chair');
      await page.waitForFunction((length) => window.fakeHost.decisions.length === length, stored);
    }
    const kinds = (await page.evaluate(() => window.fakeHost.decisions)).map(({ decision }) => decision);
    expect(kinds[1]).toMatchObject({ verdict: 'id' });
    expect(kinds[2]).toEqual({ verdict: 'id', class: 'chair' });
    expect(kinds[3]).toEqual({ verdict: 'ignored' });
    expect(kinds[4]).toBeNull();
    expect(await rows().first().getAttribute('aria-label')).toContain('not reviewed');
  });

  it('make an object out of distribution when the given class is none of the list', async () => {
    await open({ reviewed: 0, ...staying });
    await settled();
    await page.getByRole('button', { name: 'Other Class…', exact: true }).click();
    const closest = page.getByRole('group', { name: 'Closest' }).getByRole('option');
    expect(await closest.first().innerText()).toMatch(/^1\s+sofa\s+0\.098$/);
    expect(await page.getByRole('listbox', { name: 'Classes' }).getByRole('option').count()).toBe(20);
    await chooseName('quokka');
    await page.waitForFunction(() => window.fakeHost.decisions.length === 1);
    expect((await page.evaluate(() => window.fakeHost.decisions))[0].decision).toEqual({
      verdict: 'ood',
      class: 'quokka',
    });
  });

  it.each([[300], [360], [500], [600], [760], [1140], [1400]])(
    'can be read whole, with the name of what the object is (%i px)',
    async (width) => {
      await open({ reviewed: 0, ...staying, place: width < 560 ? 'sideBar' : 'editor' }, width);
      await settled();
      const bar = page.getByRole('group', { name: 'Verdict' });
      const cut = (): Promise<string[]> =>
        bar
          .locator('.ellipsis')
          .evaluateAll((words) =>
            words.filter((word) => word.scrollWidth > word.clientWidth).map((word) => word.textContent),
          );
      expect(await cut()).toEqual([]);
      await bar.getByRole('button', { name: 'Other Class…', exact: true }).click();
      await chooseName('red quokka');
      const out = bar.getByRole('button', { name: 'Out of distribution: red quokka', exact: true });
      await out.waitFor();
      expect(await out.innerText()).toMatch(/^Out(\sof distribution)?: red quokka(\sO)?$/);
      expect(await out.getAttribute('title')).toBe('Out of distribution: red quokka (O)');
      expect(await cut()).toEqual([]);
    },
  );

  it('wait while they cannot be saved, and are saved once they can', async () => {
    await open({ reviewed: 0, ...staying });
    await settled();
    await page.evaluate(() => (window.fakeHost.savingFails = 'The disk is full.'));
    await page.getByRole('button', { name: 'Ignore' }).click();
    await page.getByRole('alert').getByText('The disk is full.').waitFor();
    await page.evaluate(() => (window.fakeHost.savingFails = null));
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.waitForFunction(() => window.fakeHost.decisions.length === 1);
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});

describe('while things happen', () => {
  it('adds new objects at once until the list is worked in; then they wait', async () => {
    await open({ screen: 'scanning' });
    await rows().first().waitFor();
    const listed = async (): Promise<number> => Number(await rows().first().getAttribute('aria-setsize'));
    const before = await listed();
    await page.evaluate(() => window.fakeHost.addObjects(1000));
    await page.waitForFunction(
      (length) => Number(document.querySelector('[role=option]')?.getAttribute('aria-setsize')) > length,
      before,
    );
    await page.keyboard.press('ArrowDown');
    const between = await listed();
    const place = await rows().first().boundingBox();
    await page.evaluate(() => window.fakeHost.addObjects(1000));
    const show = page.getByRole('button', { name: /^Show \d+ new flagged objects$/ });
    await show.waitFor();
    expect(await listed()).toBe(between);
    expect(await rows().first().boundingBox()).toEqual(place);
    await show.click();
    expect(await listed()).toBeGreaterThan(between);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForFunction(() => window.fakeHost.commands.includes('pauseScan'));
  });

  it.each([[1400], [300]])('says how far a scan is as VS Code does, whole (%i px)', async (width) => {
    await open({ screen: 'scanning', place: width < 560 ? 'sideBar' : 'editor' }, width);
    const counts = page.getByRole('group', { name: 'Scan' }).locator('.counts');
    const reference = { folder: '', scanId: '' };
    const flagged = await count();
    const progress = {
      reference,
      images: { total: 1923, done: 962, unreadable: 0 },
      objects: 4807,
      flagged,
      secondsLeft: 372,
    };
    const { images, timeLeft } = progressWords(progress, english);
    const whole = progressText(progress, english);
    expect(await counts.getAttribute('title')).toBe(whole);
    expect(await counts.innerText()).toBe(width < 560 ? `${images} · ${timeLeft}` : whole);
    expect(await counts.evaluate((words) => words.scrollWidth <= words.clientWidth)).toBe(true);
  });

  it('says where a stopped scan stands, and resumes it', async () => {
    await open({ screen: 'stopped' });
    const banner = page.getByRole('status').filter({ hasText: 'Paused at 962 of 1,923 images.' });
    await banner.getByRole('button', { name: 'Resume' }).click();
    await page.waitForFunction(() => window.fakeHost.commands.includes('resumeScan'));
  });

  it('says why a scan failed, and tries again', async () => {
    await open({ screen: 'scanning' });
    await rows().first().waitFor();
    await page.evaluate(() => window.fakeHost.endScan('The disk is full.'));
    const banner = page.getByRole('alert');
    await banner.getByText('The scan failed at 962 of 1,923 images: The disk is full.').waitFor();
    await banner.getByRole('button', { name: 'Try Again' }).click();
    await page.waitForFunction(() => window.fakeHost.commands.includes('resumeScan'));
  });

  it('says that the engine stopped, and goes on when it is back', async () => {
    await open();
    await rows().first().waitFor();
    await page.evaluate(() =>
      window.fakeHost.setEngine({ kind: 'stopped', message: 'The engine stopped.', restarting: false }),
    );
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Restart Engine' }).click();
    await page.evaluate(() => window.fakeHost.setEngine({ kind: 'running' }));
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.waitForFunction(() => window.fakeHost.commands.includes('restartEngine'));
  });

  it('says that the engine is slow, with what to do, until it answers', async () => {
    await open();
    await rows().first().waitFor();
    await page.evaluate(() =>
      window.fakeHost.setEngine({ kind: 'slow', message: 'The engine does not answer at the moment.' }),
    );
    const banner = page.getByRole('status').filter({ hasText: 'does not answer at the moment' });
    await banner.getByRole('button', { name: 'Restart Engine' }).click();
    await page.waitForFunction(() => window.fakeHost.commands.includes('restartEngine'));
    await page.evaluate(() => window.fakeHost.setEngine({ kind: 'running' }));
    await banner.waitFor({ state: 'detached' });
  });

  it('comes back as it was left', async () => {
    await open();
    await page.getByRole('radio', { name: 'Kept' }).click();
    await page.getByRole('radio', { name: 'Combined ω' }).click();
    await rows().nth(3).click();
    await page.waitForTimeout(100);
    const state = await page.evaluate(() => window.fakeHost.state.current);
    const chosen = await page.locator('[role=option][aria-selected=true]').getAttribute('id');
    await page.close();
    await open({ state });
    await page.locator(`#${chosen}[aria-selected=true]`).waitFor();
    expect(await page.getByRole('radio', { name: 'Kept' }).getAttribute('aria-checked')).toBe('true');
    expect(await page.getByRole('radio', { name: 'Combined ω' }).getAttribute('aria-checked')).toBe('true');
  });
});

describe('the content security policy of the page', () => {
  it('is in force: styles and scripts written into it are refused and noticed', async () => {
    await open();
    await rows().first().waitFor();
    expect(await page.evaluate(() => window.fakeHost.violations)).toEqual([]);
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<i style="color: red"></i>');
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'void 0' }));
    });
    await page.waitForFunction(() => window.fakeHost.violations.length === 2);
    expect(
      (await page.evaluate(() => window.fakeHost.violations.splice(0))).map((text) => text.split(':')[0]),
    ).toEqual(['style-src-attr', 'script-src-elem']);
    // Chromium reports both on the console as well.
    faults = [];
  });
});

describe('accessibility', () => {
  const screens: [string, PageOptions, number][] = [
    ['review, wide', {}, 1400],
    ['review, medium', {}, 760],
    ['review, narrow', { place: 'sideBar' }, 360],
    ['scanning', { screen: 'scanning' }, 1400],
    ['stopped', { screen: 'stopped' }, 360],
    ['engine stopped', { screen: 'engineStopped', unreadable: 17 }, 1400],
    ['empty', { screen: 'empty' }, 760],
    ['nothing flagged', { screen: 'nothingFlagged' }, 760],
  ];
  it.each(
    screens.flatMap(([name, options, width]) =>
      (['dark', 'light', 'highContrast', 'highContrastLight'] as const).map(
        (theme) => [name, theme, options, width] as const,
      ),
    ),
  )('%s, %s: axe finds no fault', async (_name, theme, options, width) => {
    await open(options, width, theme);
    await page.waitForTimeout(600);
    await page.evaluate(
      await readFile(path.resolve(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8'),
    );
    const found = await page.evaluate(async () => {
      const axe = (window as unknown as { axe: typeof AxeCore }).axe;
      const { violations } = await axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
        // Experimental in axe: it wants what a row shows, a shortened file name, word for word in what it is called.
        rules: { 'label-content-name-mismatch': { enabled: false } },
      });
      return violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
      );
    });
    expect(found).toEqual([]);
  });
});

describe('pictures of every screen', () => {
  const themes = ['dark', 'light', 'highContrast', 'highContrastLight'] as const;
  const sizes = [
    [360, 860],
    [760, 1000],
    [1400, 868],
  ] as const;
  const screens: [string, PageOptions][] = [
    ['review', {}],
    ['scanning', { screen: 'scanning' }],
    ['stopped', { screen: 'stopped' }],
    ['engine-stopped', { screen: 'engineStopped', unreadable: 17 }],
    ['empty', { screen: 'empty' }],
    ['nothing-flagged', { screen: 'nothingFlagged' }],
  ];
  it.each(
    screens.flatMap(([screen, options]) =>
      themes.flatMap((theme) => sizes.map(([width, height]) => ({ screen, options, theme, width, height }))),
    ),
  )(
    '$screen, $theme, $width px wide: nothing runs over the edge',
    async ({ screen, options, theme, width, height }) => {
      await open({ ...options, place: width < 560 ? 'sideBar' : 'editor' }, width, theme, height);
      await page.waitForTimeout(500);
      if (screen === 'review' || screen === 'scanning') await settled();
      await page.screenshot({ path: path.join(shots, `${screen}-${theme}-${width}.png`) });
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over).toBeLessThanOrEqual(0);
      for (const column of ['.queue', 'main', 'aside']) {
        const box = await page
          .locator(column)
          .first()
          .boundingBox({ timeout: 200 })
          .catch(() => null);
        if (box) expect(box.x + box.width).toBeLessThanOrEqual(width + 0.5);
      }
    },
  );
});
