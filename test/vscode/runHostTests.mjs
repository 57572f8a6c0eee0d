// Runs test/host inside a real VS Code: the ordinary download where one can be had (UNI_OOD_VSCODE=download, and by default
// everywhere but on Linux), else the VS Code server of the npm registry.
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const suites = readdirSync(join(root, 'test/host')).filter((name) => name.endsWith('.test.ts'));
const output = join(root, 'dist-test/host');
rmSync(output, { recursive: true, force: true });
await build({
  entryPoints: suites.map((name) => join(root, 'test/host', name)),
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
const workspace = mkdtempSync(join(tmpdir(), 'host-workspace-'));
cpSync(join(root, 'media/samples'), join(workspace, 'samples'), { recursive: true });
const download = process.env.UNI_OOD_VSCODE
  ? process.env.UNI_OOD_VSCODE === 'download'
  : process.platform !== 'linux';
try {
  await runTests({
    ...(download ? {} : { vscodeExecutablePath: join(here, 'codeShim.mjs') }),
    extensionDevelopmentPath: root,
    extensionTestsPath: output,
    launchArgs: [workspace],
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
