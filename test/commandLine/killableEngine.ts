import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { connect, type TypedConnection } from '../../extension/messaging/typedConnection';
import { initialize } from '../../extension/protocol/engine';
import { ScanStore } from '../../extension/store/scanStore';
import { stateDirectoryOf } from '../../extension/store/stateDirectory';
import { finishedImage, finishedObject, newScan } from '../fixtures/inventedRecords';
import { repository } from './commandLine';

export const inventedScanId = 'scan-1';

/** The store of a folder; `place` holds the state of folders that cannot be written to. */
export async function openStore(folder: string, place: string): Promise<ScanStore> {
  return ScanStore.open(await stateDirectoryOf(folder, place));
}

/** A scan of one photo with these objects, without any model. */
export async function inventScan(folder: string, place: string, ids: readonly string[]): Promise<void> {
  const store = await openStore(folder, place);
  store.beginScan(newScan({ id: inventedScanId, imagesTotal: 1 }), new Date().toISOString());
  const objects = ids.map((id, ordinal) => finishedObject(id, 0.5, { ordinal }));
  store.recordImage(inventedScanId, finishedImage('a.jpg', 0), objects);
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
    modelQuota: null,
  });
  return { connection, kill: () => void child.kill('SIGKILL'), exited };
}
