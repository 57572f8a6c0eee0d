// Bundles the host, the engine, the command line and the review screen into dist/.
// Native packages stay outside the bundles: they are loaded from node_modules, by the engine and the command line only.
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { build, context } from 'esbuild';
import sveltePlugin from 'esbuild-svelte';
import { sveltePreprocess } from 'svelte-preprocess';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const { version } = JSON.parse(await readFile('package.json', 'utf8'));

/** onnxruntime reads this when it is loaded; it sends nothing anywhere with it set. */
const withoutTelemetry = "process.env.ORT_DISABLE_TELEMETRY = '1';";

const common = {
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'warning',
  define: { 'process.env.UNI_OOD_VERSION': JSON.stringify(version) },
};
const node = {
  ...common,
  platform: 'node',
  target: 'node20.18',
  format: 'cjs',
  legalComments: 'linked',
  // Its main file asks for its parts in a way that no bundler can follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
};
const native = ['onnxruntime-node', 'sharp', 'libsql'];

const bundles = [
  { ...node, entryPoints: { extension: 'extension/host/activate.ts' }, outdir: 'dist', external: ['vscode'] },
  {
    ...node,
    entryPoints: { engine: 'extension/engine/main.ts' },
    outdir: 'dist',
    external: native,
    banner: { js: withoutTelemetry },
  },
  {
    ...node,
    entryPoints: { modelWorker: 'extension/engine/models/modelWorker.ts' },
    outdir: 'dist',
    external: native,
  },
  {
    ...node,
    entryPoints: { cli: 'extension/cli/main.ts' },
    outdir: 'dist',
    external: native,
    banner: { js: `#!/usr/bin/env node\n${withoutTelemetry}` },
  },
  {
    ...common,
    entryPoints: { review: 'webview/main.ts', report: 'webview/report/main.ts' },
    loader: { '.ttf': 'dataurl' }, // a report is one file
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'chrome124',
    sourcemap: production ? false : 'external', // the Svelte plugin knows no linked maps
    format: 'iife',
    mainFields: ['svelte', 'browser', 'module', 'main'],
    conditions: ['svelte', 'browser'],
    plugins: [
      sveltePlugin({
        preprocess: sveltePreprocess(),
        compilerOptions: { css: 'external', dev: !production },
      }),
    ],
  },
];

await rm('dist', { recursive: true, force: true });
await mkdir('dist/webview', { recursive: true });
for (const file of ['codicon.css', 'codicon.ttf'])
  await cp(`node_modules/@vscode/codicons/dist/${file}`, `dist/webview/${file}`);
if (watch) await Promise.all(bundles.map(async (options) => (await context(options)).watch()));
else await Promise.all(bundles.map((options) => build(options)));
