// The main path in a real VS Code, as a person walks it: right-click the samples, scan, look at a flagged object and its maps.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../browser/chromium.mjs';
import { remoteUri, startServer } from '../vscode/server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const shots = join(root, 'test-output/e2e');
mkdirSync(shots, { recursive: true });
const workspace = mkdtempSync(join(tmpdir(), 'e2e-'));
cpSync(join(root, 'media/samples'), join(workspace, 'samples'), { recursive: true });
const server = await startServer();
const browser = await launchChromium();
const page = await (await browser.newContext({ viewport: { width: 1500, height: 950 } })).newPage();
const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });
const step = async (name, work) => {
  await work();
  console.log(`  ✓ ${name}`);
};

/** The review's own page, inside VS Code's two frames. */
async function reviewFrame() {
  const frames = page.locator('iframe.webview.ready');
  for (let attempt = 0; attempt < 100; attempt++) {
    for (let at = 0; at < (await frames.count()); at++) {
      const frame = frames.nth(at).contentFrame().locator('iframe#active-frame').contentFrame();
      if (await frame.locator('[role=listbox]').count()) return frame;
    }
    await page.waitForTimeout(200);
  }
  throw new Error('The review did not open.');
}

let failed = false;
try {
  await page.goto(server.address(workspace, [['extensionDevelopmentPath', remoteUri(root)]]));
  const folder = page.locator('.explorer-folders-view').getByRole('treeitem', { name: 'samples' });
  await folder.waitFor({ timeout: 60_000 });
  let begun = 0;
  await step('the context menu of a folder offers the scan', async () => {
    const item = page.getByRole('menuitem', { name: /Scan Folder/ });
    for (let attempt = 0; attempt < 20; attempt++) {
      await folder.click({ button: 'right' });
      if (
        await item.waitFor({ timeout: 1500 }).then(
          () => true,
          () => false,
        )
      )
        break;
      await page.keyboard.press('Escape'); // the explorer shows before the extension's menus are known
    }
    await shot('menu');
    await item.click();
  });
  await step('a quick pick offers class lists', async () => {
    const voc = page.locator('.quick-input-list').getByText('Pascal VOC 20').first();
    await voc.waitFor({ timeout: 20_000 });
    await shot('classes');
    await voc.click();
    begun = Date.now();
  });
  const review = await reviewFrame();
  const options = review.getByRole('option');
  await step('flagged objects appear in the review', async () => {
    await options.first().waitFor({ timeout: 30_000 });
    console.log(
      `    first flagged object on screen ${((Date.now() - begun) / 1000).toFixed(1)} s after the choice`,
    );
    await page.waitForTimeout(4000);
    await shot('flagged');
  });
  const count = await options.count();
  await step('an object is chosen, and each map differs from the bare photo', async () => {
    await options.first().click();
    await page.waitForTimeout(1500);
    const maps = review.getByRole('radiogroup', { name: /^map/i }).getByRole('radio');
    const pictures = [];
    for (let at = 0; at < (await maps.count()); at++) {
      await maps.nth(at).click();
      await page.waitForTimeout(600);
      pictures.push((await page.screenshot({ path: join(shots, `map-${at}.png`) })).toString('base64'));
    }
    assert.equal(pictures.length, 4); // the bare photo, attention, alignment, and both combined
    assert.equal(new Set(pictures).size, pictures.length);
  });
  await step('moving δ changes the list', async () => {
    await review.getByRole('slider').first().focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('PageDown');
    await page.waitForTimeout(800);
    await shot('threshold');
    assert.notEqual(await options.count(), count);
  });
} catch (error) {
  failed = true;
  console.error(error);
  await shot('failure');
} finally {
  await browser.close();
  server.stop();
  rmSync(workspace, { recursive: true, force: true });
}
console.log(failed ? '0 passed, 1 failed' : '5 passed, 0 failed');
setTimeout(() => process.exit(failed ? 1 : 0), 1000);
