import { describe, expect, it } from 'vitest';
import { english as l10n } from '../../protocol/localisation';
import { chooseRuntime, runtimeSurroundings, type RuntimeSurroundings } from './nodeRuntime';

const desktop = (versions: Record<string, string>, configuredPath = ''): RuntimeSurroundings => ({
  electron: true,
  platform: 'linux',
  execPath: '/opt/code/code',
  configuredPath,
  candidates: Object.keys(versions),
  versionOf: (program) => Promise.resolve(versions[program] ?? null),
});

describe('the program that runs the engine', () => {
  it('is the Node.js of a server host', async () => {
    const around = { ...desktop({ '/usr/bin/node': 'v22.1.0' }), electron: false, execPath: '/srv/node' };
    expect(await chooseRuntime(around, l10n)).toEqual({ command: '/srv/node', environment: {} });
  });

  it('is on the desktop the first Node.js that is new enough', async () => {
    const around = desktop({ '/old/node': 'v18.20.4', '/older/node': 'v20.17.0', '/new/node': 'v20.18.1' });
    expect((await chooseRuntime(around, l10n)).command).toBe('/new/node');
  });

  it('is Electron as Node.js where there is no Node.js', async () => {
    const around = { ...desktop({ '/old/node': 'v18.20.4' }), platform: 'darwin' as const };
    expect(await chooseRuntime(around, l10n)).toEqual({
      command: '/opt/code/code',
      environment: { ELECTRON_RUN_AS_NODE: '1' },
    });
  });

  it('is asked for on a Linux desktop without a Node.js', async () => {
    await expect(chooseRuntime(desktop({ '/old/node': 'v18.20.4' }), l10n)).rejects.toThrow(
      /Linux desktop.*Node\.js 20\.18 or later.*Install it.*uniOod\.enginePath/,
    );
  });

  it('is the configured one before all others', async () => {
    const around = desktop({ '/a/node': 'v20.18.1', '/mine/node': 'v24.0.0' }, '/mine/node');
    expect((await chooseRuntime(around, l10n)).command).toBe('/mine/node');
  });

  it('names a configured program that is no Node.js, and the setting', async () => {
    await expect(chooseRuntime(desktop({}, '/mine/python'), l10n)).rejects.toThrow(
      /uniOod\.enginePath is "\/mine\/python".*Node\.js 20\.18 or later/,
    );
  });

  it('asks the real programs of this machine', async () => {
    const around = runtimeSurroundings('');
    expect(await around.versionOf(process.execPath)).toBe(process.version);
    expect(await around.versionOf('/no/such/program')).toBeNull();
  });
});
