// Installs a packaged extension the way a person does: with VS Code's own command.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setUpVSCode, vscodeNode, vscodeServer } from './setup.mjs';

/**
 * @param {string} vsix path of the package.
 * @param {string} extensions folder to install into.
 * @throws Error with VS Code's words when it does not install.
 */
export function installVsix(vsix, extensions) {
  setUpVSCode();
  mkdirSync(extensions, { recursive: true });
  const server = join(vscodeServer, 'out/server-main.js');
  const folders = ['--extensions-dir', extensions, '--server-data-dir', `${extensions}-server`];
  const { status, stdout, stderr } = spawnSync(
    vscodeNode,
    [server, ...folders, '--install-extension', vsix],
    { encoding: 'utf8' },
  );
  if (status !== 0 || !stdout.includes('successfully installed'))
    throw new Error(`${vsix} was not installed: ${stdout}${stderr}`);
}
