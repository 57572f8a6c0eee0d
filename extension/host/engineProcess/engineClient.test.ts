import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listScans, runScan, type ScanOptions } from '../../protocol/engine';
import type { EngineState } from '../../protocol/review';
import { english } from '../../protocol/localisation';
import { EngineClient, EngineStoppedError } from './engineClient';
import { RestartPolicy } from './restartPolicy';

let directory: string;
const clients: EngineClient[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'engine-client-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
  rmSync(directory, { recursive: true, force: true });
});

function client(behaviour = '', options: { command?: string; policy?: RestartPolicy } = {}): EngineClient {
  const created = new EngineClient({
    program: fileURLToPath(new URL('fakeEngine.mjs', import.meta.url)),
    chooseRuntime: () =>
      Promise.resolve({
        command: options.command ?? process.execPath,
        environment: { FAKE_ENGINE: behaviour },
      }),
    initializeParams: () => ({
      stateDirectory: directory,
      embeddedBundle: directory,
      threads: 1,
      network: { source: '', proxy: '', strictCertificates: true },
      modelQuota: null,
    }),
    log: { info: (line) => logged.push(line), warn: (line) => logged.push(line) },
    l10n: english,
    restartPolicy: options.policy ?? new RestartPolicy([10, 10, 10]),
  });
  clients.push(created);
  return created;
}
const logged: string[] = [];

const scanOf = (folder: string): ScanOptions => ({
  folder,
  classes: ['cat'],
  boxes: 'detector',
  fresh: false,
});

/** Alive, in the sense of `kill(2)`. */
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('engine client', () => {
  it('starts the engine with the first request and passes its standard error on', async () => {
    const engine = client();
    expect(engine.identity).toBeNull();
    expect(await engine.request(listScans, { folders: [] })).toEqual({ scans: [] });
    expect(engine.state).toEqual({ kind: 'running' });
    expect(runs(engine.identity!.pid)).toBe(true);
    await expect.poll(() => logged).toContain(`state in ${directory}`);
  });

  it.skipIf(process.platform === 'win32')(
    'tells within seconds that the engine does not answer, and that it does again',
    async () => {
      const engine = client();
      await engine.request(listScans, { folders: [] });
      const { pid } = engine.identity!;
      process.kill(pid, 'SIGSTOP');
      try {
        await expect
          .poll(() => engine.state, { timeout: 4000, interval: 50 })
          .toMatchObject({
            kind: 'slow',
            message: expect.stringContaining('restart the engine') as string,
          });
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await expect.poll(() => engine.state.kind, { timeout: 4000, interval: 50 }).toBe('running');
      process.kill(pid, 'SIGSTOP');
      await expect.poll(() => engine.state.kind, { timeout: 4000, interval: 50 }).toBe('slow');
      await engine.restart();
      expect(engine.state.kind).toBe('running');
      expect(runs(pid)).toBe(false);
    },
  );

  it('starts one engine for requests made at once', async () => {
    const engine = client();
    const pids = new Set<number>();
    await Promise.all(
      [1, 2, 3].map(async () => {
        await engine.request(listScans, { folders: [] });
        pids.add(engine.identity!.pid);
      }),
    );
    expect(pids.size).toBe(1);
  });

  it('rejects what was under way when the engine is killed, and starts another by itself', async () => {
    const engine = client();
    const states: EngineState[] = [];
    engine.onDidChangeState((state) => states.push(state));
    const started: string[] = [];
    engine.onScanStarted((summary) => started.push(summary.reference.folder));
    const trap = join(directory, 'die');
    writeFileSync(trap, '');
    const failure: unknown = await engine.request(runScan, scanOf(trap)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineStoppedError);
    expect(failure).toMatchObject({ restarting: true });
    expect((failure as Error).message).toContain('SIGKILL');
    expect((await engine.request(runScan, scanOf(trap))).state).toBe('finished');
    expect(started).toEqual([trap, trap]);
    expect(states.map((state) => state.kind)).toEqual([
      'starting',
      'running',
      'stopped',
      'starting',
      'running',
    ]);
  });

  it('gives up when the engine dies at every start, until a person restarts it', async () => {
    const engine = client('dies-at-once', { policy: new RestartPolicy([5, 5]) });
    const starts: string[] = [];
    engine.onDidChangeState((state) => starts.push(state.kind));
    await expect(engine.request(listScans, { folders: [] })).rejects.toThrow(/exit code 7.*several times/);
    expect(starts.filter((kind) => kind === 'starting')).toHaveLength(3);
    expect(engine.state).toMatchObject({ kind: 'stopped', restarting: false });
    await expect(engine.request(listScans, { folders: [] })).rejects.toMatchObject({ restarting: false });
    await expect(engine.restart()).rejects.toThrow(/several times/);
    expect(starts.filter((kind) => kind === 'starting')).toHaveLength(6);
  });

  it('says what the engine said when it refuses to start, and tries again with the next request', async () => {
    const engine = client('refuses');
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(engine.request(listScans, { folders: [] })).rejects.toThrow('detector.onnx is damaged');
    expect(engine.state).toMatchObject({ kind: 'stopped', restarting: false });
  });

  it('names a program that cannot be run', async () => {
    const engine = client('', { command: join(directory, 'no-node') });
    await expect(engine.request(listScans, { folders: [] })).rejects.toThrow('no-node');
  });

  it('cancels a scan without ending the engine', async () => {
    const engine = client();
    const controller = new AbortController();
    engine.onScanStarted(() => controller.abort());
    const scan = engine.request(runScan, scanOf(join(directory, 'endless')), controller.signal);
    await expect(scan).rejects.toMatchObject({ message: 'Cancelled.' });
    expect(engine.state.kind).toBe('running');
  });

  it('restarts on demand with a new process', async () => {
    const engine = client();
    await engine.request(listScans, { folders: [] });
    const first = engine.identity!.pid;
    await engine.restart();
    expect(engine.identity!.pid).not.toBe(first);
    expect(runs(first)).toBe(false);
  });

  it.each(['', 'lingers'])('leaves no process behind (%s)', async (behaviour) => {
    const engine = client(behaviour);
    await engine.request(listScans, { folders: [] });
    const { pid } = engine.identity!;
    const begin = performance.now();
    await engine.dispose();
    expect(performance.now() - begin).toBeLessThan(1500);
    expect(runs(pid)).toBe(false);
    await expect(engine.request(listScans, { folders: [] })).rejects.toThrow('has ended');
  });
});
