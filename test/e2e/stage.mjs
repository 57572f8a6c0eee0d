// A real VS Code with the packaged extension and a workspace of its own, for scripts that walk it step by step.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../browser/chromium.mjs';
import { installVsix } from '../vscode/installVsix.mjs';
import { startServer } from '../vscode/server.mjs';
import { Workbench } from './workbench.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

export class Stage {
  /**
   * @param {object} options
   * @param {string} options.name of the folder of screenshots in test-output.
   * @param {object} options.settings of the person.
   * @param {import('playwright-core').BrowserContextOptions} options.window
   * @param {(place: string) => void | Promise<void>} options.fill puts files into `workspace` below a folder of its own.
   */
  static async open({ name, settings, window, fill }) {
    const shots = join(root, 'test-output', name);
    rmSync(shots, { recursive: true, force: true });
    mkdirSync(shots, { recursive: true });
    const vsix = readdirSync(root).find((file) => /^uni-ood-.*\.vsix$/.test(file));
    assert.ok(vsix, 'There is no package: run npm run package first.');
    const stage = new Stage();
    stage.shots = shots;
    stage.place = mkdtempSync(join(tmpdir(), `${name}-`));
    stage.workspace = join(stage.place, 'workspace');
    await fill(stage.place);
    stage.extensions = join(stage.place, 'extensions');
    installVsix(join(root, vsix), stage.extensions);
    stage.server = await startServer({ extensions: stage.extensions, settings });
    stage.browser = await launchChromium();
    stage.page = await (await stage.browser.newContext(window)).newPage();
    stage.workbench = new Workbench(stage.page, shots);
    stage.passed = 0;
    return stage;
  }

  /** One step; the first that fails ends the walk. */
  step = async (name, work) => {
    await work();
    this.passed++;
    console.log(`  ✓ ${name}`);
  };

  /** Walks all steps in the window, tells how it went, and ends the process. @param close what else was started. */
  async walk(steps, close = () => undefined) {
    let failed = 0;
    try {
      await this.page.goto(this.server.address(this.workspace));
      await steps();
    } catch (error) {
      failed = 1;
      console.error(error);
      await this.workbench.shot('failure');
      console.error(await this.workbench.notifications());
      await this.workbench.shot('failure-notifications');
    } finally {
      await this.browser.close();
      this.server.stop();
      await close();
      rmSync(this.place, { recursive: true, force: true, maxRetries: 5 });
    }
    console.log(`${this.passed} passed, ${failed} failed`);
    setTimeout(() => process.exit(failed), 1000);
  }
}
