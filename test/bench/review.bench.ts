/// <reference lib="dom" />
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { TypedConnection } from '../../extension/messaging/typedConnection';
import { decodeUint32 } from '../../extension/protocol/columns';
import { decide, snapshotScan } from '../../extension/protocol/engine';
import { groupByLikeness } from '../../extension/protocol/likeness';
import type { ScanReference } from '../../extension/protocol/scan';
import { databaseName } from '../../extension/store/database';
import { launchChromium } from '../browser/chromium.mjs';
import { ReviewServer } from '../webview/reviewServer';
import { scrollingFrames } from '../webview/scrollingFrames';
import { drawnEmbeddings } from './drawnEmbeddings';
import { fillScan, objects, openFilledStore } from './largeScan';
import { openBuiltEngine } from './builtEngine';
import { medianOf } from './median';

/**
 * The review with 100,000 objects of 20,000 photos: what the engine takes to read a stored scan, to keep a verdict and to
 * group alike objects, and what the screen takes in a real browser to list, re-flag, scroll, filter, sort and lead on.
 *
 *   npm run bench -- review
 */

const rounds = 7;

const report = (what: string, milliseconds: readonly number[]): void => {
  const worst = Math.max(...milliseconds).toFixed(1);
  console.log(`${what.padEnd(58)} ${medianOf(milliseconds).toFixed(1).padStart(7)} ms  (worst ${worst})`);
};

/** From the request of the host to its checked answer. */
async function engine(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'review-bench-'));
  const store = openFilledStore(folder);
  fillScan(store, 'scan-1', { embeddings: drawnEmbeddings() });
  store.close();
  const size = statSync(join(store.directory, databaseName)).size / 2 ** 20;
  console.log(`store: ${size.toFixed(0)} MB`);
  const { session, connection } = await openBuiltEngine({ stateDirectory: join(folder, 'state') });
  const reference = { folder, scanId: 'scan-1' };
  const snapshots: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await connection.request(snapshotScan, reference);
    snapshots.push(performance.now() - begun);
  }
  report('engine: a stored scan of 100,000 objects, first time', snapshots.slice(0, 1));
  report('engine: again', snapshots.slice(1));
  const verdicts: number[] = [];
  for (let round = 0; round < 40; round++) {
    const begun = performance.now();
    const decision = { verdict: 'ood' as const };
    await connection.request(decide, { reference, changes: [{ id: `object-${round}`, decision }] });
    verdicts.push(performance.now() - begun);
  }
  report('engine: a verdict, on the disk', verdicts);
  await likeness(connection, reference);
  await session.shutDown();
  rmSync(folder, { recursive: true });
}

/** Groups of alike objects, made and kept; and how long a verdict waits while they are made. */
async function likeness(connection: TypedConnection, reference: ScanReference): Promise<void> {
  const begun = performance.now();
  const asked = connection.request(groupByLikeness, reference).then(({ groups }) => {
    report('engine: groups of alike objects, made', [performance.now() - begun]);
    console.log(`  ${new Set(decodeUint32(groups)).size} groups, those of one object among them`);
    return true;
  });
  const waits: number[] = [];
  for (let number = 0; !(await Promise.race([asked, delay(20, false)])); number++) {
    const given = performance.now();
    const decision = { verdict: 'id' as const };
    await connection.request(decide, { reference, changes: [{ id: `object-${number}`, decision }] });
    waits.push(performance.now() - given);
  }
  report('engine: a verdict meanwhile, on the disk', waits);
  const again = performance.now();
  await connection.request(groupByLikeness, reference);
  report('engine: groups of alike objects, kept', [performance.now() - again]);
}

/** Notes when the page is told the scan, and when its list is on the screen. */
function watchLoading(): void {
  const post = window.postMessage.bind(window);
  window.postMessage = ((message: unknown, target: string) => {
    const { result } = message as { result?: { snapshot?: unknown } };
    if (result?.snapshot) performance.mark('told');
    post(message, target);
  }) as typeof window.postMessage;
  new MutationObserver((_, observer) => {
    if (!document.querySelector('.list [role=option]')) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => performance.mark('listed')));
  }).observe(document, { childList: true, subtree: true });
}

async function openPage(page: Page, address: string): Promise<number> {
  await page.addInitScript(watchLoading);
  await page.goto(address);
  await page.waitForFunction(() => performance.getEntriesByName('listed').length > 0);
  return page.evaluate(
    () =>
      performance.getEntriesByName('listed')[0].startTime - performance.getEntriesByName('told')[0].startTime,
  );
}

/** What is done to an element of the page, again and again; runs there. */
type Act = (element: Element, step: number) => void;

/** Milliseconds from each act to the frame in which its outcome stands. */
function framesOf(page: Page, selector: string, act: Act): Promise<number[]> {
  return page.evaluate(`(async () => {
    const element = document.querySelector(${JSON.stringify(selector)});
    const act = ${act.toString()};
    const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
    const times = [];
    for (let step = 0; step < 24; step++) {
      const begun = performance.now();
      act(element, step);
      times.push((await drawn()) - begun);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    return times;
  })()`);
}

const moveThreshold: Act = (element, step) => {
  const key = step % 8 < 4 ? 'PageUp' : 'PageDown';
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
};
const typeFilter: Act = (element, step) => {
  const text = ['cafe', '', 'class:cat', 'score:..0.25', 'verdict:unreviewed', ''][step % 6];
  (element as HTMLInputElement).value = text;
  element.dispatchEvent(new Event('input', { bubbles: true }));
};
const chooseOrder: Act = (element, step) => {
  const { options } = element as HTMLSelectElement;
  (element as HTMLSelectElement).value = options[(step + 1) % options.length].value;
  element.dispatchEvent(new Event('change', { bubbles: true }));
};

async function screen(): Promise<void> {
  const server = await ReviewServer.start();
  const browser = await launchChromium();
  const address = server.address('dark', { objects, reviewed: 142, place: 'editor' });
  const loads: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 868 } });
    loads.push(await openPage(page, address));
    await page.close();
  }
  report('screen: from the scan told to its list', loads);
  const page = await browser.newPage({ viewport: { width: 1400, height: 868 } });
  await openPage(page, address);
  await page.waitForTimeout(1500);
  report('screen: a step of δ, to its frame', await framesOf(page, '[role=slider]', moveThreshold));
  await page.goto(server.address('dark', { objects, reviewed: 142, place: 'editor', compared: true }));
  await page.getByRole('button', { name: /^Changed sides/ }).click();
  await page.waitForTimeout(1500);
  report('screen: the same, beside another scan', await framesOf(page, '[role=slider]', moveThreshold));
  await openPage(page, address);
  await page.waitForTimeout(1500);
  report('screen: a filter, to its frame', await framesOf(page, 'input[type=search]', typeFilter));
  await page.waitForTimeout(500);
  report(
    'screen: another order, to its frame',
    await framesOf(page, 'select[aria-label="Sort by"]', chooseOrder),
  );
  report('screen: a verdict, until the next object is chosen', await verdicts(page));
  report('screen: a frame of the list that scrolls', await scrollingFrames(page));
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { metrics } = (await client.send('Performance.enable'), await client.send('Performance.getMetrics'));
  const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value;
  console.log(
    `screen: memory of the page, the invented scan in it included    ${(used / 2 ** 20).toFixed(0)} MB`,
  );
  await browser.close();
  await server.stop();
}

/** The next object is there once another row is the focused one and the frame is drawn. */
function verdicts(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const focused = (): string | undefined => document.querySelector('.list [role=option].focused')?.id;
    const frame = (): Promise<unknown> =>
      new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    const times: number[] = [];
    for (let step = 0; step < 24; step++) {
      const before = focused();
      const begun = performance.now();
      window.fakeHost.act('markOut');
      while (focused() === before && performance.now() - begun < 1000) await frame();
      times.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 350));
    }
    return times;
  });
}

async function main(): Promise<void> {
  console.log(`${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}`);
  await engine();
  await screen();
}

void main();
