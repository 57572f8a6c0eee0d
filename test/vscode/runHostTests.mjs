// Runs test/host inside a real VS Code, and test/host/restricted in one that does not trust its folder: the ordinary download where one can be had (UNI_OOD_VSCODE=download, and by default
// everywhere but on Linux), else the VS Code server of the npm registry.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { copySamples } from './samples.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const download = process.env.UNI_OOD_VSCODE
  ? process.env.UNI_OOD_VSCODE === 'download'
  : process.platform !== 'linux';

await runSuites('test/host', []);
// The ordinary VS Code is started by @vscode/test-electron, which makes it trust all folders.
if (download) console.log('Restricted Mode is not tested: @vscode/test-electron turns it off.');
else await runSuites('test/host/restricted', ['--restricted']);

/** Runs the suites of a folder in a window of their own, on a workspace of one folder with a copy of the samples. */
async function runSuites(suitesIn, launchArgs) {
  const output = await bundleSuites(suitesIn);
  const place = mkdtempSync(join(tmpdir(), 'host-workspace-'));
  const folder = join(place, 'photos');
  copySamples(root, join(folder, 'samples'));
  // Another folder joins it without a new window, so that both kinds of workspace are tested in one.
  const workspace = join(place, 'host.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'photos' }] }));
  try {
    await runTests({
      ...(download ? {} : { vscodeExecutablePath: join(here, 'codeShim.mjs') }),
      extensionDevelopmentPath: root,
      extensionTestsPath: output,
      launchArgs: [workspace, ...launchArgs],
    });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** @returns the folder of a program that runs the suites of a folder. */
async function bundleSuites(suitesIn) {
  const suites = readdirSync(join(root, suitesIn)).filter((name) => name.endsWith('.test.ts'));
  const output = join(root, 'dist-test', suitesIn.replace('test/', ''), 'suites');
  rmSync(output, { recursive: true, force: true });
  await build({
    entryPoints: suites.map((name) => join(root, suitesIn, name)),
    outdir: output,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  writeFileSync(
    join(output, 'index.js'),
    `const Mocha = require('mocha');
exports.run = () => new Promise((done, failed) => {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60000, color: true });
  for (const name of ${JSON.stringify(suites)}) mocha.addFile(require('node:path').join(__dirname, name.replace(/ts$/, 'js')));
  mocha.run((failures) => (failures ? failed(new Error(failures + ' tests failed')) : done()));
});
`,
  );
  return output;
}
