// Takes the pictures of README, guide and walkthrough from the product itself: the packaged extension in a real VS Code, on the
// samples. Run it after a change of the screens: npm run pictures.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { root, Stage } from '../test/e2e/stage.mjs';
import { copySamples } from '../test/vscode/samples.mjs';

const folder = join(root, 'media/pictures');
mkdirSync(folder, { recursive: true });
const stage = await Stage.open({
  name: 'pictures',
  settings: {
    'window.autoDetectColorScheme': true,
    'window.commandCenter': false,
    'workbench.layoutControl.enabled': false,
    'chat.commandCenter.enabled': false,
  },
  window: { viewport: { width: 1360, height: 900 }, deviceScaleFactor: 1.5, colorScheme: 'dark' },
  fill: (place) => copySamples(root, join(place, 'workspace/photos')),
});
const { page, workbench } = stage;
const themes = { light: '.vs', dark: '.vs-dark' };

/**
 * The window, or what lies in `part` of it, in both themes.
 *
 * @param {string} name
 * @param {import('playwright-core').Locator} [part]
 * @param {{ top: number, height: number }} [rows] of the part, in pixels of the window.
 */
async function take(name, part, rows) {
  for (const [colorScheme, kind] of Object.entries(themes)) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`.monaco-workbench${kind}`).waitFor();
    await page.waitForTimeout(900);
    const picture = rows ? await shotOfRows(part, rows) : await (part ?? page).screenshot();
    await sharp(picture)
      .webp({ quality: 88, effort: 6 })
      .toFile(join(folder, `${name}-${colorScheme}.webp`));
  }
}

async function shotOfRows(part, { top, height }) {
  const { x, y, width } = await part.boundingBox();
  return page.screenshot({ clip: { x, y: y + top, width, height } });
}

await stage.walk(async () => {
  await workbench.chooseInContextMenu('photos', /Scan Folder/, () => take('scan'));
  await workbench.quickPick('Pascal VOC 20').waitFor({ timeout: 20_000 });
  await page.waitForTimeout(500);
  await take('classes', page.locator('.quick-input-widget'));
  await workbench.quickPick('Pascal VOC 20').click();
  const panel = await workbench.review();
  await panel.locator('.list [role=option]').first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(15_000);
  await page.keyboard.press('Escape');
  await panel.locator('.list [role=option]', { hasText: 'coins.png' }).first().click();
  await page.waitForTimeout(1500);
  await take('panel', page.locator('.part.sidebar'));
  const { y: top } = await page.locator('.part.sidebar').boundingBox();
  const review = await page.locator('.pane-header', { hasText: 'Review' }).boundingBox();
  await take('list', page.locator('.part.sidebar'), { top: review.y - top, height: 350 });

  await workbench.runCommand('UNI-OOD: Open Review in Editor');
  const wide = await workbench.review(true);
  await wide.locator('.list [role=option]', { hasText: 'coins.png' }).first().click();
  await wide.getByRole('radiogroup', { name: /^map/i }).getByRole('radio').last().click();
  await workbench.runCommand('View: Close Primary Side Bar');
  await page.waitForTimeout(1500);
  await take('review');

  await workbench.runCommand('UNI-OOD: Export…');
  await workbench.quickPick('JSON', { exact: true }).waitFor();
  await page.waitForTimeout(500);
  await take('export', page.locator('.quick-input-widget'));
  await page.keyboard.press('Escape');
});
