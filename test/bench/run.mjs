// Bundles a benchmark and runs it: node test/bench/run.mjs <name> [arguments]
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { build } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
const names = readdirSync('test/bench')
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));
if (!name || !existsSync(`test/bench/${name}.bench.ts`)) {
  console.error(`usage: npm run bench -- <${names.join(' | ')}> [arguments]`);
  process.exit(2);
}
await build({
  entryPoints: [`test/bench/${name}.bench.ts`],
  outfile: `dist-test/bench/${name}.js`,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // As the product is built.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  external: ['onnxruntime-node', 'sharp', 'libsql', 'playwright-core', '@sparticuz/chromium', 'esbuild'],
  // Two levels below the root, as the tests are.
  define: { 'import.meta.dirname': '__dirname' },
  banner: { js: "process.env.ORT_DISABLE_TELEMETRY = '1';" },
  logLevel: 'warning',
});
process.exit(
  spawnSync(process.execPath, ['--expose-gc', `dist-test/bench/${name}.js`, ...rest], { stdio: 'inherit' })
    .status ?? 1,
);
