/// <reference lib="dom" />
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { headElement } from '../../extension/engine/report/reportPage';
import { encodeColumn } from '../../extension/protocol/columns';
import type { ReportHead } from '../../extension/protocol/report';
import { launchChromium } from '../../test/browser/chromium.mjs';
import { InventedScan } from '../../test/webview/page/inventedScan';

const script = path.resolve(import.meta.dirname, '../../dist/webview/report.js');
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
beforeEach(async () => {
  page = await browser.newPage(); // what was looked at is kept as long as a page is
});
afterEach(() => page.close());
afterAll(() => browser?.close());

/** The words above the review of a report with the pictures of so many objects. @param scanned of the 40 objects. */
async function told(only: ReportHead['only'], objects: number, scanned = 40): Promise<string> {
  const scan = new InventedScan({
    objects: 40,
    photos: [{ name: 'photo.jpg', width: 100, height: 100 }],
    calibration: 0,
    unreadable: 0,
    reviewed: only === 'reviewed' ? 4 : 0,
    crowd: 0,
    labelled: false,
  });
  const head: ReportHead = {
    version: 1,
    generator: 'test',
    createdAt: '2026-11-24T12:00:00Z',
    snapshot: scan.snapshot(scanned),
    likeness: { compared: 0, groups: encodeColumn(new Uint32Array(40)) },
    only,
    objects,
  };
  await page.setContent(
    `<body class="report"><div id="about"></div><div id="app" data-place="report"></div>${headElement(head)}</body>`,
  );
  await page.addScriptTag({ content: await readFile(script, 'utf8') });
  await page.locator('.list [role=option]').first().waitFor();
  return page.locator('#about').innerText();
}

describe('what stands above a report', () => {
  it('says of which folder and day it is, and whose pictures it holds', async () => {
    const words = await told('flagged', 1203);
    expect(words).toContain('UNI-OOD report: /data/field-photos');
    expect(words).toContain('Nov 24, 2026 · pictures of 1,203 flagged objects · read-only');
    expect(await told('reviewed', 1)).toContain('pictures of 1 reviewed object ·');
    expect(await told('all', 12)).toContain('pictures of 12 objects ·');
    expect(words).not.toContain('not finished');
  });

  it('says where the scan is not finished, for what is counted is not of the whole folder', async () => {
    expect(await told('flagged', 3, 10)).toMatch(/read-only\s+scan not finished: [1-9]\d* of \d+ images$/);
  });
});

describe('a report of reviewed objects', () => {
  it('begins with these, for it has pictures of no others', async () => {
    await told('reviewed', 4);
    const rows = page.locator('.list [role=option]');
    expect(await rows.first().getAttribute('aria-setsize')).toBe('4');
    for (const name of await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label'))))
      expect(name).toMatch(/, (Out of distribution|In distribution|Ignored)/);
    expect(await page.getByRole('searchbox').inputValue()).toBe('verdict:ood verdict:id verdict:ignored');
  });
});
