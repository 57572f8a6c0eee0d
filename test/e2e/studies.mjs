// Tuning and measuring in a real VS Code, as a person does it with the packaged extension: tune on a folder's labels, read the
// report, choose the combiner, scan with it, and evaluate.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startServer } from '../vscode/server.mjs';
import { root, Stage } from './stage.mjs';

const fixtures = ['annotatedSamples', 'drawnCombiner'];
await build({
  entryPoints: fixtures.map((name) => join(root, `test/fixtures/${name}.ts`)),
  outdir: join(root, 'dist-test/fixtures'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['onnxruntime-node', 'sharp', 'libsql'],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const [{ annotateSamples }, { drawnCombiner }] = await Promise.all(
  fixtures.map((name) => import(join(root, `dist-test/fixtures/${name}.mjs`))),
);

const labelled = ['astronaut.jpg', 'photographer.jpg', 'cat.png', 'boats.jpg', 'raccoon.jpg', 'rocket.jpg'];
const stage = await Stage.open({
  name: 'e2e-studies',
  settings: { 'workbench.colorTheme': 'Default Dark Modern', 'uniOod.classes': 'person, cat, boat' },
  window: { viewport: { width: 1300, height: 850 } },
  fill: async (place) => {
    const folder = join(place, 'workspace/shots');
    for (const file of labelled) cpSync(join(root, 'media/samples', file), join(folder, file));
    annotateSamples(folder, labelled, 4);
    mkdirSync(join(folder, '.uni-ood/combiners'), { recursive: true });
    await drawnCombiner(join(folder, '.uni-ood/combiners/drawn.safetensors'), join(root, 'models/embedded'));
  },
});
const { page, workbench, workspace, extensions, step } = stage;
const folder = join(workspace, 'shots');

/** What the Markdown preview shows, once it holds a text. */
async function preview(text) {
  const frames = page.locator('iframe.webview.ready');
  for (let attempt = 0; attempt < 100; attempt++) {
    for (let at = 0; at < (await frames.count()); at++) {
      const frame = frames.nth(at).contentFrame().locator('iframe#active-frame').contentFrame();
      if (await frame.getByText(text).count()) return frame;
    }
    await page.waitForTimeout(200);
  }
  throw new Error(`No preview with ${text} opened.`);
}

/** The first notification that says this. */
const notification = (text) => page.locator('.notifications-center').getByText(text).first();

/** The engine of the extension under test, among the processes of this machine. */
function engineProcess() {
  const commandOf = (id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8');
    } catch {
      return ''; // it ended
    }
  };
  const engines = readdirSync('/proc').filter((id) => {
    const command = /^\d+$/.test(id) ? commandOf(id) : '';
    return command.includes(extensions) && command.includes('engine.js');
  });
  assert.equal(engines.length, 1);
  return Number(engines[0]);
}

/** Answers a question of the evaluation, after a picture of it. */
async function answer(label, picture) {
  const item = workbench.quickPick(label);
  await item.waitFor({ timeout: 20_000 });
  await page.waitForTimeout(500);
  await workbench.shot(picture);
  await item.click();
}

async function evaluateFolder() {
  await workbench.runCommand('UNI-OOD: Evaluate…');
  await page.waitForTimeout(1000);
  await workbench.shot('evaluate-folder');
  await workbench.quickPick('shots').waitFor({ timeout: 20_000 });
  await workbench.quickInput().fill(`${folder}/`);
  await page.waitForTimeout(1000);
  await page.keyboard.press('Enter');
}

await stage.walk(async () => {
  await step('the context menu of a folder offers tuning, and asks how many shots', async () => {
    await workbench.chooseInContextMenu('shots', /Tune on This Folder/, () => workbench.shot('menu'));
    const input = workbench.quickInput();
    await page.getByText(/Labelled objects a class/).waitFor({ timeout: 30_000 });
    await input.fill('1');
    await page.getByText(/whole number, 2 or more/).waitFor();
    await workbench.shot('shots-refused');
    await input.fill('3');
    await page.getByText(/Labelled objects a class/).waitFor();
    await workbench.shot('shots');
    await page.keyboard.press('Enter');
  });
  await step('progress tells step, loss and time left', async () => {
    await page.locator('#status\\.notifications a').click();
    await notification(/image encoder|step \d+ of at most/).waitFor({ timeout: 30_000 });
    await workbench.shot('progress-passes');
    await notification(/step \d+ of at most 60 · loss/).waitFor({ timeout: 30_000 });
    // On a fast machine it would be done before a person could cancel.
    process.kill(engineProcess(), 'SIGSTOP');
    await workbench.shot('progress-steps');
  });
  await step('cancelled, it leaves what was there as it was', async () => {
    await (await workbench.notificationButton('Cancel')).click();
    await page.waitForTimeout(500);
    process.kill(engineProcess(), 'SIGCONT');
    await notification(/Tuning on shots/).waitFor({ state: 'detached', timeout: 20_000 });
    await page.waitForTimeout(1000);
    assert.deepEqual(readdirSync(join(folder, '.uni-ood/combiners')), ['drawn.safetensors']);
    await workbench.chooseInContextMenu('shots', /Tune on This Folder/);
    await page.getByText(/Labelled objects a class/).waitFor({ timeout: 30_000 });
    await workbench.quickInput().fill('3');
    await page.keyboard.press('Enter');
  });
  await step('the report holds the verdict and the loss curve', async () => {
    const open = await workbench.notificationButton('Open Report');
    await workbench.shot('tuned');
    await open.click();
    const report = await preview('Few-shot tuning of the combiner');
    const plot = report.locator('img').first();
    await plot.waitFor();
    assert.ok(await plot.evaluate((image) => image.naturalWidth > 0));
    await page.waitForTimeout(1000);
    await workbench.shot('report');
    await plot.scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await workbench.shot('report-curve');
  });
  await step('combiners are offered with their figures, and one is chosen', async () => {
    await workbench.runCommand('UNI-OOD: Choose Combiner…');
    const drawn = page.locator('.quick-input-list').getByText('drawn').first();
    await drawn.waitFor({ timeout: 20_000 });
    await page.waitForTimeout(500);
    await workbench.shot('combiners');
    await drawn.click();
    const scan = await workbench.notificationButton('Scan a Folder…');
    await workbench.shot('combiner-chosen');
    await scan.waitFor();
  });
  await step('a scan uses it, and its tooltip says so', async () => {
    await workbench.chooseInContextMenu('shots', /Scan Folder/);
    const found = workbench.quickPick('Find Objects in the Images');
    await found.waitFor({ timeout: 20_000 });
    await found.click();
    const review = await workbench.review();
    await review.locator('.list [role=option]').first().waitFor({ timeout: 60_000 });
    await page.waitForTimeout(4000);
    await page.getByRole('treeitem', { name: /shots/ }).first().hover();
    const tooltip = page.locator('.monaco-hover').getByText(/tuned on 4 objects of drawn/);
    await tooltip.first().waitFor({ timeout: 10_000 });
    await workbench.shot('tooltip');
  });
  await step('verdicts of the review are offered as labels beside annotations', async () => {
    const review = await workbench.review();
    await review.locator('.list [role=option]').first().click();
    await review
      .getByRole('button', { name: /^Out of distribution/ })
      .first()
      .click();
    await review
      .getByRole('radio', { name: /^All/ })
      .or(review.getByText('All', { exact: true }))
      .first()
      .click();
    await review.locator('.list [role=option]').nth(1).click();
    await review
      .getByRole('button', { name: /^In distribution/ })
      .first()
      .click();
    await page.waitForTimeout(1000);
    await workbench.runCommand("UNI-OOD: Tune on This Folder's Labels…");
    await workbench.quickPick('shots').waitFor({ timeout: 20_000 }); // before, the dialog writes its own folder into the field
    await workbench.quickInput().fill(`${folder}/`);
    await page.waitForTimeout(1000);
    await page.keyboard.press('Enter');
    await workbench.quickPick('Annotations and Review Verdicts').waitFor({ timeout: 20_000 });
    await page.getByText(/1 object in distribution: .* · 1 object out of distribution/).waitFor();
    await page.waitForTimeout(500);
    await workbench.shot('labels');
    await page.keyboard.press('Escape');
  });
  await step('the evaluation asks, measures, and opens its report', async () => {
    await evaluateFolder();
    await answer('Annotated Objects', 'evaluate-boxes');
    await answer('What Is Labelled Otherwise', 'evaluate-others');
    await answer('Tuned on This Folder Too', 'evaluate-tuning');
    await answer('as in the paper for ImageNet', 'evaluate-shots');
    await page.getByPlaceholder(/each on 16 other objects a class/).waitFor();
    await answer('Another Number…', 'evaluate-seeds');
    await workbench.quickInput().fill('0');
    await page.getByText(/whole number, 1 or more/).waitFor();
    await workbench.shot('evaluate-seeds-refused');
    await page.keyboard.press('Escape');
    await evaluateFolder();
    for (const label of ['Annotated Objects', 'What Is Labelled Otherwise', 'Untuned'])
      await workbench.quickPick(label).click({ timeout: 20_000 });
    await answer('With Ablation', 'evaluate-ablation');
    const report = await preview('How well known objects are told from the rest');
    await page.waitForTimeout(1000);
    await workbench.shot('evaluation');
    await report.locator('img').first().scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await workbench.shot('evaluation-plots');
  });
  await step('nothing is tuned or measured in a folder that is not trusted', async () => {
    const careful = await startServer({ extensions, isRestricted: true });
    try {
      await page.goto(careful.address(workspace));
      await page.getByRole('button', { name: /^Restricted Mode/ }).waitFor({ timeout: 60_000 });
      for (const title of ["Tune on This Folder's Labels…", 'Evaluate…']) {
        await workbench.runCommand(`UNI-OOD: ${title}`);
        const manage = await workbench.notificationButton('Manage Trust');
        await workbench.shot(`restricted-${title.split(' ')[0].toLowerCase().replace('…', '')}`);
        await manage.waitFor({ timeout: 10_000 });
        await page.getByText('This runs a model on your files. Trust the folder first.').first().waitFor();
      }
    } finally {
      careful.stop();
    }
  });
});
