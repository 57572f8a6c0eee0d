import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { connect, type TypedConnection } from '../../extension/messaging/typedConnection';
import { literalConfiguration } from '../../extension/pipeline/configuration';
import { initialize } from '../../extension/protocol/engine';
import { ScanStore } from '../../extension/store/scanStore';
import { stateDirectoryOf } from '../../extension/store/stateDirectory';
import { repository } from './commandLine';

export const inventedScanId = 'scan-1';

/** The store of a folder; `place` holds the state of folders that cannot be written to. */
export async function openStore(folder: string, place: string): Promise<ScanStore> {
  return ScanStore.open(await stateDirectoryOf(folder, place));
}

/** A scan of one photo with these objects, without any model. */
export async function inventScan(folder: string, place: string, ids: readonly string[]): Promise<void> {
  const store = await openStore(folder, place);
  const threshold = {
    value: 0.5,
    source: 'bundle',
    truePositiveRate: null,
    origin: '',
    warning: null,
  } as const;
  store.beginScan(
    {
      id: inventedScanId,
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
    inventedScanId,
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

/** An engine process that can be killed. */
export interface KillableEngine {
  readonly connection: TypedConnection;
  /** Ends the process at once, whatever it is doing. */
  readonly kill: () => void;
  readonly exited: Promise<unknown>;
}

/** Starts the built engine and waits until it is ready. */
export async function startEngine(place: string): Promise<KillableEngine> {
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
  const connection = connect(channel);
  await connection.request(initialize, {
    stateDirectory: place,
    embeddedBundle: join(repository, 'models/embedded'),
    threads: 1,
    network: { source: '', proxy: '', strictCertificates: true },
  });
  return { connection, kill: () => void child.kill('SIGKILL'), exited };
}
