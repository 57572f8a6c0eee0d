// Makes a VSIX for this platform, with only its native binaries, and checks that everything the engine needs is inside.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listFiles, PackageManager } from '@vscode/vsce';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const staging = join(root, 'dist-test/package');
const platform = process.platform;
const arch = process.arch;
const target = `${platform === 'win32' ? 'win32' : platform}-${arch === 'arm' ? 'armhf' : arch}`;
const largest = 100 * 2 ** 20;

/** Packages the bundles leave outside, with what those need when they run. */
const outside = new Set();
function need(name) {
  const folder = join(root, 'node_modules', name);
  if (outside.has(name) || !existsSync(folder)) return; // optional packages of other platforms are not installed
  outside.add(name);
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies }))
    if (!unneeded.has(next)) need(next);
}
/** Of onnxruntime-node's install script, which is not run. */
const unneeded = new Set(['adm-zip', 'global-agent', 'tar']);
for (const name of ['onnxruntime-node', 'sharp', 'libsql']) need(name);

rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
for (const name of [
  'package.json',
  'package.nls.json',
  'l10n',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  '.vscodeignore',
  'dist',
  'media',
  'models',
])
  cpSync(join(root, name), join(staging, name), { recursive: true });
for (const name of outside)
  cpSync(join(root, 'node_modules', name), join(staging, 'dist/node_modules', name), {
    recursive: true,
    dereference: true,
    filter: (path) => wanted(path),
  });
const manifest = JSON.parse(readFileSync(join(staging, 'package.json'), 'utf8'));
delete manifest.scripts;
delete manifest.devDependencies;
delete manifest.dependencies; // they lie beside the bundles, in dist/node_modules
writeFileSync(join(staging, 'package.json'), JSON.stringify(manifest, null, 2));
writeFileSync(
  join(staging, '.vscodeignore'),
  `${readFileSync(join(root, '.vscodeignore'), 'utf8')}!dist/node_modules/**\n`,
);

const output = join(root, `uni-ood-${manifest.version}-${target}.vsix`);
const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
const flags = [
  'package',
  '--no-dependencies',
  '--target',
  target,
  '--out',
  output,
  '--skip-license',
  '--allow-missing-repository',
  '--baseContentUrl',
  'https://example.invalid',
  '--baseImagesUrl',
  'https://example.invalid',
];
const { status } = spawnSync(process.execPath, [vsce, ...flags], {
  cwd: staging,
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (status !== 0) process.exit(1);

const native = `dist/node_modules/onnxruntime-node/bin/${readdirSync(join(staging, 'dist/node_modules/onnxruntime-node/bin'))[0]}/${platform}/${arch}/onnxruntime_binding.node`;
const bundle = JSON.parse(readFileSync(join(root, 'models/embedded/bundle.json'), 'utf8'));
const files = [bundle.vision, bundle.text, bundle.tokenizer, bundle.detector, bundle.readout.tensors].map(
  ({ file }) => `models/embedded/${file}`,
);
const required = [
  'package.nls.json',
  'l10n/bundle.l10n.json',
  'dist/extension.js',
  'dist/engine.js',
  'dist/modelWorker.js',
  'dist/cli.js',
  'dist/webview/review.js',
  'dist/webview/review.css',
  'dist/webview/report.js',
  'dist/webview/report.css',
  'dist/webview/codicon.css',
  'dist/webview/codicon.ttf',
  'media/icon.png',
  'models/embedded/bundle.json',
  ...files,
  native,
];
const packed = new Set(await listFiles({ cwd: staging, packageManager: PackageManager.None }));
const missing = required.filter((name) => !packed.has(name));
for (const prefix of ['@img/sharp-', '@img/sharp-libvips-', '@libsql/'])
  if (![...packed].some((name) => name.startsWith(`dist/node_modules/${prefix}`)))
    missing.push(`${prefix}<platform>`);
if (missing.length > 0) throw new Error(`The package lacks ${missing.join(', ')}`);
const { size } = statSync(output);
console.log(`${output}: ${(size / 2 ** 20).toFixed(1)} MB`);
if (size > largest) throw new Error('The package is over 100 MB.');

/** Only this platform's binaries, and no CUDA or TensorRT provider. */
function wanted(path) {
  const inBin = /onnxruntime-node[\\/]bin[\\/][^\\/]+[\\/]([^\\/]+)(?:[\\/]([^\\/]+))?/.exec(path);
  if (inBin && (inBin[1] !== platform || (inBin[2] && inBin[2] !== arch))) return false;
  return !/providers_(cuda|tensorrt)|\.(md|map|ts|h|hpp)$/i.test(path);
}
