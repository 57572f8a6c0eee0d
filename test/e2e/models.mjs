// A larger model in a real VS Code, as a person gets it: the list, the consent, the download from a hub on this computer,
// and a scan with it whose maps are drawn.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { build } from 'esbuild';
import { copySamples } from '../vscode/samples.mjs';
import { root, Stage } from './stage.mjs';
import { appears } from './workbench.mjs';

const hubModule = join(root, 'dist-test/localHub.mjs');
await build({
  entryPoints: [join(root, 'test/hub/localHub.ts')],
  outfile: hubModule,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
});
const { LocalHub } = await import(hubModule);
const hub = new LocalHub(join(root, 'test/fixtures/models'));
await hub.start();

const stage = await Stage.open({
  name: 'e2e-models',
  settings: { 'uniOod.modelSource': hub.endpoint, 'workbench.colorTheme': 'Default Dark Modern' },
  window: { viewport: { width: 1300, height: 850 } },
  fill: (place) => {
    copySamples(root, join(place, 'workspace/samples'));
    process.env.UNI_OOD_MODELS = join(place, 'models');
  },
});
const { page, workbench, step } = stage;

await stage.walk(
  async () => {
    await page
      .locator('.explorer-folders-view')
      .getByRole('treeitem', { name: 'samples' })
      .waitFor({ timeout: 60_000 });
    await step('the list names models with size, licence and what to expect', async () => {
      await workbench.openPick('UNI-OOD: Get Models…', 'CLIP ViT-B/16, fp32');
      await workbench.shot('list');
    });
    await step('nothing is downloaded before consent', async () => {
      const dialog = page.locator('.monaco-dialog-box');
      // A window that is still starting takes the focus, which closes a pick.
      for (let attempt = 0; attempt < 5; attempt++) {
        const pick = workbench.quickPick('CLIP ViT-B/16, fp32');
        if (!(await appears(pick, 3000)))
          await workbench.openPick('UNI-OOD: Get Models…', 'CLIP ViT-B/16, fp32');
        const chosen = await pick.click({ timeout: 5000 }).then(
          () => true,
          () => false,
        );
        if (chosen && (await appears(dialog, 20_000))) break;
      }
      await workbench.shot('consent');
      assert.match(await dialog.innerText(), /Licence: MIT/);
      assert.equal(hub.requests.filter(({ path }) => path.includes('/resolve/')).length, 0);
      await dialog.getByRole('button', { name: /^Download/ }).click();
    });
    await step('it is downloaded, and chosen for new scans', async () => {
      await (await workbench.notificationButton('Use for New Scans')).click();
      assert.ok(hub.requests.some(({ path }) => path.endsWith('/onnx/vision_model.onnx')));
      await page.keyboard.press('Escape');
    });
    await step('a scan uses it, and its maps are drawn', async () => {
      // A menu takes no click while it opens.
      await workbench.chooseInContextMenu('samples', /Scan Folder/, () => page.waitForTimeout(500));
      await workbench.quickPick('Pascal VOC 20').click({ timeout: 20_000 });
      await page
        .locator('.statusbar')
        .getByText(/UNI-OOD: 0 of \d+/)
        .waitFor({ timeout: 60_000 });
      await workbench.runCommand('UNI-OOD: Open Review');
      // A model that brings no threshold gets its first one from the folder's own scores, and the review says so.
      const review = await workbench.review(false, 'text=Estimated from this folder');
      await review.getByRole('radio', { name: 'All', exact: true }).click();
      await review.locator('.list [role=option]').first().click();
      await review.getByRole('img').first().waitFor({ timeout: 20_000 });
      await page.waitForTimeout(3000);
      await workbench.shot('scanned');
    });
  },
  () => hub.stop(),
);
