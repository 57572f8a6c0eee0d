import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from '../../extension/messaging/typedConnection';
import { literalConfiguration } from '../../extension/pipeline/configuration';
import { decide, initialize } from '../../extension/protocol/engine';
import { ScanStore } from '../../extension/store/scanStore';
import { stateDirectoryOf } from '../../extension/store/stateDirectory';
import { repository } from './commandLine';

const kills = 20;
const verdictsALife = 50;
const scanId = 'scan-1';

let place: string;
let folder: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'killed-'));
  folder = mkdtempSync(join(place, 'photos-'));
});
afterEach(() => rmSync(place, { recursive: true }));

async function openStore(): Promise<ScanStore> {
  return ScanStore.open(await stateDirectoryOf(folder, place));
}

/** A scan of one photo with as many objects as verdicts are sent. */
async function inventScan(ids: readonly string[]): Promise<void> {
  const store = await openStore();
  const threshold = {
    value: 0.5,
    source: 'bundle',
    truePositiveRate: null,
    origin: '',
    warning: null,
  } as const;
  store.beginScan(
    {
      id: scanId,
      classes: ['cat'],
      model: { id: 'm', version: '1', sha256: 'f'.repeat(64) },
      configuration: {
        method: literalConfiguration,
        detection: { scoreThreshold: 0.3, overlapThreshold: 0.5, maximumObjects: 10, minimumSide: 8 },
        boxes: 'detector',
      },
      boxesOrigin: 'detector',
      imagesTotal: 1,
      grid: [1, 1],
      interTextAttention: Float32Array.of(1),
      bundleThreshold: threshold,
      deviceFallback: null,
    },
    new Date().toISOString(),
  );
  const image = { file: 'a.jpg', sha256: 'a'.repeat(64), width: 100, height: 80, size: 5 };
  store.recordImage(
    scanId,
    { ...image, modifiedMilliseconds: 7.5, position: 0 },
    ids.map((id, ordinal) => ({
      id,
      decisionKey: `key ${id}`,
      ordinal,
      bbox: [1, 2, 30, 40],
      label: null,
      detectionScore: 0.875,
      score: 0.5,
      predictedClass: 0,
      baselines: { mcm: 0.5, maxCosine: 0.25, glMcm: 1, runa: 0.125 },
      crop: [0, 0, 34, 48],
      classScores: Float32Array.of(0.5),
      betaIntra: Float32Array.of(1),
      muTarget: Float32Array.of(1),
      betaInter: null,
      muBackground: null,
    })),
  );
  store.close();
}

/**
 * One life of an engine: all verdicts are sent at once, and the process is killed a random moment after a random
 * number of answers.
 *
 * @returns the objects whose verdict was acknowledged.
 */
async function decideUntilKilled(ids: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, [join(repository, 'dist/engine.js')], {
    env: { ...process.env, XDG_CACHE_HOME: join(place, 'cache') },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.on('error', () => undefined); // the pipe of a killed process
  const channel = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  channel.onError(() => undefined);
  const engine = connect(channel);
  await engine.request(initialize, {
    stateDirectory: place,
    embeddedBundle: join(repository, 'models/embedded'),
    threads: 1,
    network: { source: '', proxy: '', strictCertificates: true },
  });
  const acknowledged: string[] = [];
  const lastAnswer = 1 + Math.floor(Math.random() * (verdictsALife - 10));
  const answers = ids.map((id) =>
    engine
      .request(decide, {
        reference: { folder, scanId },
        changes: [{ id, decision: { verdict: 'ood', class: `name ${id}` } }],
      })
      .then(() => {
        acknowledged.push(id);
        if (acknowledged.length === lastAnswer) setTimeout(() => child.kill('SIGKILL'), Math.random() * 3);
      }),
  );
  void Promise.allSettled(answers);
  await exited;
  engine.dispose();
  return acknowledged;
}

it('loses no acknowledged verdict when the engine is killed twenty times among a thousand', async () => {
  const ids = Array.from({ length: kills * verdictsALife }, (_, index) => `object-${index}`);
  await inventScan(ids);
  const acknowledged: string[] = [];
  for (let life = 0; life < kills; life++)
    acknowledged.push(
      ...(await decideUntilKilled(ids.slice(life * verdictsALife, (life + 1) * verdictsALife))),
    );
  const store = await openStore();
  const stored = new Map(
    store.connection
      .prepare('SELECT id, class FROM object JOIN decision USING (decisionKey) WHERE scan = ?')
      .raw()
      .all(scanId) as [string, string][],
  );
  store.close();
  expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
  expect(acknowledged.filter((id) => stored.get(id) !== `name ${id}`)).toEqual([]);
});

it('commits to the disk itself, so that a machine that loses power keeps what was acknowledged', async () => {
  const store = await openStore();
  expect(store.connection.prepare('PRAGMA synchronous').raw().get()).toEqual([2]);
  store.close();
});
