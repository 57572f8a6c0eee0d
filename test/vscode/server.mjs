// A VS Code server on this machine, with a data folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setUpVSCode, vscodeNode, vscodeServer } from './setup.mjs';

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'extensions.autoCheckUpdates': false,
};

/**
 * @param {{ settings?: object, port?: number, extensions?: string, isRestricted?: boolean }} options
 * @returns {Promise<{ address(opened: string, payload?: [string, string][]): string, kill(): Promise<void>, startAgain(): Promise<void>,
 * stop(): void, log: string }>} address: of a window on a folder, or on the folders that a `.code-workspace` names; kill: ends the
 * server and all its processes at once, after which startAgain brings it back with its data, at the same address.
 */
export async function startServer({ settings = {}, port, extensions, isRestricted = false } = {}) {
  setUpVSCode();
  const listening = port ?? (await freePort());
  const data = mkdtempSync(join(tmpdir(), 'vscode-host-'));
  for (const folder of ['home', 'tmp', 'server/data/User', 'server/data/Machine', 'extensions'])
    mkdirSync(join(data, folder), { recursive: true });
  // A setting of scope machine is read from the server's own file; one of the person's file counts only until the
  // extension's settings are known.
  const places = { User: { ...quietSettings, ...settings }, Machine: settings };
  for (const [place, held] of Object.entries(places))
    writeFileSync(join(data, `server/data/${place}/settings.json`), JSON.stringify(held));
  const log = join(data, 'server.log');
  const output = openSync(log, 'w');
  const start = () =>
    spawn(
      vscodeNode,
      [
        join(vscodeServer, 'out/server-main.js'),
        ...[
          '--host',
          '127.0.0.1',
          '--port',
          String(listening),
          '--without-connection-token',
          '--accept-server-license-terms',
        ],
        ...[
          '--enable-smoke-test-driver',
          ...(isRestricted ? [] : ['--disable-workspace-trust']),
          '--disable-telemetry',
          '--telemetry-level',
          'off',
        ],
        ...[
          '--server-data-dir',
          join(data, 'server'),
          '--extensions-dir',
          extensions ?? join(data, 'extensions'),
        ],
      ],
      {
        detached: true, // a group of its own, so that the extension host ends with it
        stdio: ['ignore', output, output],
        env: {
          ...process.env,
          HOME: join(data, 'home'),
          TMPDIR: join(data, 'tmp'),
          EXTENSIONS_GALLERY: '{}',
        },
      },
    );
  let server = start();
  await answering(`http://127.0.0.1:${listening}/version`);
  return {
    log,
    address(opened, payload = []) {
      const extra = encodeURIComponent(JSON.stringify([...payload, ['skipWelcome', 'true']]));
      const kind = opened.endsWith('.code-workspace') ? 'workspace' : 'folder';
      return `http://127.0.0.1:${listening}/?${kind}=${resolve(opened)}&payload=${extra}`;
    },
    async kill() {
      const exited = once(server, 'exit');
      process.kill(-server.pid, 'SIGKILL');
      await exited;
    },
    async startAgain() {
      server = start();
      await answering(`http://127.0.0.1:${listening}/version`);
    },
    stop() {
      try {
        process.kill(-server.pid, 'SIGTERM');
      } catch {
        // It has ended already.
      }
      setTimeout(() => rmSync(data, { recursive: true, force: true, maxRetries: 5 }), 500);
    },
  };
}

/** How the server's own files are named to the workbench. */
export const remoteUri = (path) => `vscode-remote://remote${resolve(path)}`;

async function answering(address) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answered = await fetch(address).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`VS Code did not answer at ${address}`);
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
