// The main path in a real VS Code, as a person walks it with the packaged extension: right-click the samples, scan, look at a
// flagged object and its maps, move δ, give verdicts, export.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { copySamples } from '../vscode/samples.mjs';
import { root, Stage } from './stage.mjs';
import { appears } from './workbench.mjs';

const stage = await Stage.open({
  name: 'e2e',
  settings: { 'window.autoDetectColorScheme': true, 'window.autoDetectHighContrast': true },
  window: { viewport: { width: 1500, height: 950 }, colorScheme: 'dark' },
  fill: (place) => copySamples(root, join(place, 'workspace/samples')),
});
const { page, workbench, workspace, shots, step } = stage;

/** What the person's system asks for, and the kind of theme VS Code answers with. */
const themes = {
  light: [{ colorScheme: 'light', forcedColors: 'none' }, '.vs'],
  highContrast: [{ colorScheme: 'dark', forcedColors: 'active' }, '.hc-black'],
  dark: [{ colorScheme: 'dark', forcedColors: 'none' }, '.vs-dark'],
};

/** The screen as it is, in every theme; the last is the dark one. */
async function shotInEveryTheme(name) {
  for (const [theme, [system, kind]] of Object.entries(themes)) {
    await page.emulateMedia(system);
    await page.locator(`.monaco-workbench${kind}`).waitFor();
    await page.waitForTimeout(700);
    await workbench.shot(`${name}-${theme}`);
  }
}

await stage.walk(async () => {
  let begun = 0;
  await step('the context menu of a folder offers the scan', () =>
    workbench.chooseInContextMenu('samples', /Scan Folder/, () => workbench.shot('menu')),
  );
  await step('a quick pick offers class lists', async () => {
    const voc = workbench.quickPick('Pascal VOC 20');
    await voc.waitFor({ timeout: 20_000 });
    await shotInEveryTheme('classes');
    await voc.click();
    begun = Date.now();
  });
  let review = await workbench.review();
  let options = review.locator('.list [role=option]');
  await step('flagged objects appear in the review', async () => {
    await options.first().waitFor({ timeout: 30_000 });
    console.log(`    first flagged object ${((Date.now() - begun) / 1000).toFixed(1)} s after the choice`);
    await page
      .getByText(/21 objects|objects.*flagged/i)
      .first()
      .waitFor({ timeout: 30_000 });
    await page.waitForTimeout(2000);
    await shotInEveryTheme('review');
  });
  await step('an object is chosen, and each of its maps changes the pixels of crop and photo', async () => {
    // One of several objects of its photo: alone, it has no background text to be aligned with.
    await options.filter({ hasText: 'coins.png' }).first().click();
    await page.waitForTimeout(1500);
    const maps = review.getByRole('radiogroup', { name: /^map/i }).getByRole('radio');
    const seen = [[], []];
    for (let at = 0; at < (await maps.count()); at++) {
      await maps.nth(at).click();
      await page.waitForTimeout(600);
      await review.locator('.pictures').screenshot({ path: join(shots, `map-${at}.png`) });
      for (const place of [0, 1]) seen[place].push(await pixelsUnderMap(place));
    }
    for (const pictures of seen) {
      assert.equal(pictures.length, 4); // the bare photo, attention, alignment, and both combined
      assert.equal(new Set(pictures).size, pictures.length);
    }
  });
  await step('moving δ changes the list', async () => {
    const count = await options.count();
    await review.getByRole('slider').first().focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('PageUp');
    await page.waitForTimeout(800);
    await workbench.shot('threshold');
    assert.notEqual(await options.count(), count);
  });
  /**
   * A picture and what is painted over its pixels: no legend, boxes or contour, and the photo in its own colours, all of
   * which differ between the maps by themselves.
   */
  async function pixelsUnderMap(place) {
    const picture = review.locator('figure .picture').nth(place);
    const bare = (isBare) =>
      picture.evaluate((element, hides) => {
        for (const part of element.children) {
          if (part.tagName === 'IMG') part.style.filter = hides ? 'none' : '';
          else if (part.tagName !== 'CANVAS') part.style.visibility = hides ? 'hidden' : '';
        }
      }, isBare);
    await bare(true);
    const pixels = await picture.screenshot();
    await bare(false);
    return pixels.toString('base64');
  }
  let marked = 0;
  await step('verdicts are given', async () => {
    for (const button of [/^Out of distribution/, /^In distribution/, /^Ignore/]) {
      await options.nth(marked).click();
      await review.getByRole('button', { name: button }).first().click();
      // A verdict leads on to the next object.
      await review
        .getByRole('option', { selected: true })
        .and(options.nth(marked + 1))
        .waitFor();
      await options.nth(marked).click();
      await review.getByRole('button', { name: button, pressed: true }).waitFor();
      marked++;
    }
    await workbench.shot('verdicts');
  });
  await step('the review opens at full width, with the same verdicts', async () => {
    await workbench.runCommand('UNI-OOD: Open Review in Editor');
    const wide = await workbench.review(true);
    await wide.locator('.list [role=option]').first().click();
    await page.waitForTimeout(1500);
    await shotInEveryTheme('wide');
    assert.equal(await wide.getByRole('button', { name: /^Out of distribution/, pressed: true }).count(), 1);
  });
  /** Waits until what stands beside the scanned folder's name in the Explorer is this. */
  async function badgeIs(expected) {
    const row = page.locator('.explorer-folders-view').getByRole('treeitem', { name: /^samples\b/ });
    const badge = () =>
      row.evaluate((element) => {
        const parts = [element, ...element.querySelectorAll('*')];
        const contents = parts.map((part) => getComputedStyle(part, '::after').content);
        return contents.find((content) => /^"\d/.test(content))?.slice(1, -1) ?? '';
      });
    for (const end = Date.now() + 15_000; (await badge()) !== expected; await page.waitForTimeout(200))
      assert.ok(Date.now() < end, `“${await badge()}” stands beside the folder, not “${expected}”`);
  }
  await step('the Explorer counts what is left to review, unless a setting says no', async () => {
    await workbench.runCommand('File: Focus on Files Explorer');
    const wide = await workbench.review(true);
    const said = await wide.getByText(/^\s*\d+ of \d+ reviewed\s*$/).innerText({ timeout: 10_000 });
    const [reviewed, flagged] = said.match(/\d+/g).map(Number);
    assert.ok(reviewed < flagged, said);
    await badgeIs(String(flagged - reviewed));
    await workbench.shot('explorer');
    const folderSettings = join(workspace, '.vscode');
    mkdirSync(folderSettings);
    writeFileSync(join(folderSettings, 'settings.json'), '{ "uniOod.explorerDecorations": false }');
    await badgeIs('');
    rmSync(folderSettings, { recursive: true });
    await badgeIs(String(flagged - reviewed));
  });
  await step('the export validates and holds the verdicts', async () => {
    const exactly = { exact: true };
    await workbench.runCommand('UNI-OOD: Export…');
    await workbench.quickPick('JSON', exactly).waitFor();
    await page.waitForTimeout(500); // it fades in
    await workbench.shot('export-formats');
    await workbench.quickPick('JSON', exactly).click();
    // The words stand in a line of the first pick as well, while that closes.
    await workbench.quickPick('Flagged Objects', exactly).click();
    await page.waitForTimeout(1000);
    await workbench.shot('export');
    await page.keyboard.press('Enter');
    const open = await workbench.notificationButton('Open');
    await workbench.shot('exported');
    const results = JSON.parse(readFileSync(join(workspace, 'samples/samples-flagged.json'), 'utf8'));
    const schema = JSON.parse(readFileSync(join(root, 'docs/schemas/results.schema.json'), 'utf8'));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    assert.ok(ajv.validate(schema, results), ajv.errorsText());
    const verdicts = results.objects.flatMap(({ decision }) => (decision ? [decision.verdict] : []));
    assert.deepEqual(verdicts.sort(), ['id', 'ignored', 'ood']);
    assert.ok(results.objects.every(({ flagged }) => flagged));
    await open.click();
    assert.ok(await appears(page.getByRole('tab', { name: /samples-flagged\.json/ }), 10_000));
  });
  await step('a reload of the window brings the review back', async () => {
    await page.reload();
    const wide = await workbench.review(true);
    await wide.locator('.list [role=option]').first().waitFor({ timeout: 30_000 });
    await page.waitForTimeout(1500);
    await workbench.shot('reloaded');
  });
});
