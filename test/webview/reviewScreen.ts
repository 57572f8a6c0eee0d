/// <reference lib="dom" />
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type AxeCore from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { DecisionChange } from '../../extension/protocol/scan';
import { launchChromium } from '../browser/chromium.mjs';
import { ReviewServer, type PageOptions, type Theme } from './reviewServer';

const root = path.resolve(import.meta.dirname, '../..');
const shots = path.join(root, 'test-output/webview');

/** The review screen in a browser, for one file of tests. After each of them the page may have broken no policy. */
export class ReviewScreen {
  #server!: ReviewServer;
  #browser!: Browser;
  page!: Page;
  faults: string[] = [];

  constructor() {
    beforeAll(async () => {
      this.#server = await ReviewServer.start();
      this.#browser = await launchChromium();
    });
    afterAll(async () => {
      await this.#browser?.close();
      await this.#server?.stop();
    });
    afterEach(async () => {
      const violations = await this.page.evaluate(() => window.fakeHost.violations);
      await this.page.close();
      expect(violations, 'the page breaks its content security policy').toEqual([]);
      expect(this.faults, 'the page reported errors').toEqual([]);
    });
  }

  async open(options: PageOptions = {}, width = 1400, theme: Theme = 'dark', height = 868): Promise<void> {
    this.page = await this.#browser.newPage({ viewport: { width, height } });
    this.faults = [];
    this.page.on('pageerror', (error) => this.faults.push(error.message));
    this.page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.faults.push(message.text());
    });
    await this.page.goto(
      this.#server.address(theme, { place: width < 560 ? 'sideBar' : 'editor', ...options }),
    );
  }

  /** With the list in use: keys go to the page. */
  async openList(
    options: PageOptions = {},
    width = 1400,
    theme: Theme = 'dark',
    height = 868,
  ): Promise<void> {
    await this.open(options, width, theme, height);
    await this.rows.first().waitFor();
    await this.settled();
    await this.page.waitForFunction(() => window.fakeHost.keyboard.focused);
  }

  /** The same page again, as VS Code makes it anew when it was hidden. */
  async reopen(options: PageOptions = {}, width = 1400): Promise<void> {
    const state = await this.page.evaluate(() => window.fakeHost.state.current);
    await this.page.close();
    await this.openList({ ...options, state }, width);
  }

  async settled(): Promise<void> {
    await this.page.locator('figure .picture img').nth(1).waitFor();
    await this.page.waitForFunction(() =>
      [...document.images].every((image) => image.complete && image.naturalWidth > 0),
    );
  }

  get list(): Locator {
    return this.page.locator('.list');
  }

  get rows(): Locator {
    return this.list.getByRole('option');
  }

  get focused(): Locator {
    return this.page.locator('.list [role=option].focused');
  }

  /** 1-based place in the list of the object that is looked at. */
  async place(): Promise<number> {
    return Number(await this.focused.getAttribute('aria-posinset'));
  }

  /** How many objects are listed. */
  async listed(): Promise<number> {
    return Number(await this.rows.first().getAttribute('aria-setsize'));
  }

  /** How many objects δ flags, as the screen says it. */
  async flagged(): Promise<number> {
    const text = await this.page.locator('.threshold').innerText();
    return Number(/([\d,]+)\s+of [\d,]+ flagged/.exec(text)?.[1].replaceAll(',', ''));
  }

  /** Expects parts to reach over neither side of what they lie in. */
  async expectWithin(outer: Locator, parts: readonly Locator[]): Promise<void> {
    const around = (await outer.boundingBox())!;
    for (const part of parts) {
      const box = (await part.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(around.x);
      expect(box.x + box.width).toBeLessThanOrEqual(around.x + around.width);
    }
  }

  /** Presses keys one after the other, each once the one before has arrived. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      await this.page.evaluate(
        () =>
          new Promise((drawn) =>
            setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(drawn)), 20),
          ),
      );
    }
  }

  /** From now on what the host answers arrives so much later. */
  async delayAnswers(milliseconds: number): Promise<void> {
    await this.page.evaluate((delay) => {
      const post = window.postMessage.bind(window) as (message: unknown, origin: string) => void;
      window.postMessage = ((message: object, origin: string) => {
        if ('result' in message) setTimeout(() => post(message, origin), delay);
        else post(message, origin);
      }) as typeof window.postMessage;
    }, milliseconds);
  }

  /** Verdicts that are on the disk of the invented host; waits for so many. */
  async decisions(count: number): Promise<DecisionChange[]> {
    await this.page.waitForFunction((wanted) => window.fakeHost.decisions.length === wanted, count);
    return this.page.evaluate(() => window.fakeHost.decisions);
  }

  get said(): Promise<string> {
    return this.page.locator('[aria-live=polite].visually-hidden').innerText();
  }

  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(shots, `${name}.png`) });
  }

  /** Faults that axe finds in what is shown now, or in the parts of it that a selector names. */
  async axe(parts = 'html'): Promise<string[]> {
    await this.page.evaluate(await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
    return this.page.evaluate(async (selector) => {
      const axe = (window as unknown as { axe: typeof AxeCore }).axe;
      const { violations } = await axe.run(selector, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        // Experimental in axe: it wants what a row shows, a shortened file name, word for word in what it is called.
        rules: { 'label-content-name-mismatch': { enabled: false } },
      });
      return violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
      );
    }, parts);
  }
}
