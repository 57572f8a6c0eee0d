import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { readClassList as readList } from '../dataset/classLists/readClassList';
import { cancellationError, connect, type TypedConnection } from '../messaging/typedConnection';
import {
  decide,
  describeFolder,
  describeObject,
  exportScan,
  initialize,
  listScans,
  objectsAdded,
  readClassList,
  removeScan,
  runScan,
  scanProgressed,
  scanStarted,
  setThreshold,
  snapshotScan,
  thumbnails,
} from '../protocol/engine';
import { UserFacingError } from '../protocol/userFacingError';
import { Engine } from './engine';
import type { ScanListener } from './folderRun';

/**
 * The engine process: the requests of `protocol/engine.ts` over standard input and output. It ends when its input does,
 * so that it never outlives the window it works for. Standard error is its log.
 */

const version = process.env.UNI_OOD_VERSION ?? '0';
let engine: Engine | undefined;

/** Aborted when the input ends; scans under way are then given up in good order. */
const ending = new AbortController();
const scansUnderWay = new Set<Promise<unknown>>();
/** Milliseconds a run of a large tower may take before the process ends by force. */
const patience = 5000;

function ready(): Engine {
  if (!engine) throw new UserFacingError('The engine was asked before it was initialised.');
  return engine;
}

function register(host: TypedConnection): void {
  host.onRequest(initialize, (settings) => {
    engine ??= new Engine({ ...settings, version }, (sentence) => console.error(sentence));
    return { version, pid: process.pid, node: process.version };
  });
  host.onRequest(describeFolder, ({ folder }) => ready().describeFolder(folder));
  host.onRequest(readClassList, async ({ folder, spec }) => ({ classes: await readList(spec, folder) }));
  host.onRequest(runScan, async (options, signal) => {
    const listener: ScanListener = {
      started: (summary) => host.notify(scanStarted, summary),
      progressed: (progress) => host.notify(scanProgressed, progress),
      objectsAdded: (reference, columns) => host.notify(objectsAdded, { reference, columns }),
    };
    try {
      return await underWay(ready().runScan(options, listener, AbortSignal.any([signal, ending.signal])));
    } catch (error) {
      throw signal.aborted ? cancellationError('The scan was stopped. Results so far are kept.') : error;
    }
  });
  host.onRequest(listScans, async ({ folders }) => ({ scans: await ready().listScans(folders) }));
  host.onRequest(removeScan, async (reference) => {
    await ready().removeScan(reference);
    return {};
  });
  host.onRequest(snapshotScan, (reference) => ready().snapshot(reference));
  host.onRequest(describeObject, ({ reference, id }) => ready().object(reference, id));
  host.onRequest(thumbnails, async ({ reference, ids }) => ({
    paths: await ready().thumbnails(reference, ids),
  }));
  host.onRequest(decide, async ({ reference, changes }) => ({
    summary: await ready().decide(reference, changes),
  }));
  host.onRequest(setThreshold, async ({ reference, value }) => {
    const summary = await ready().setThreshold(reference, value);
    return { threshold: summary.threshold, summary };
  });
  host.onRequest(exportScan, async ({ reference, format, only, output }) => ({
    objects: await ready().export(reference, format, only, output),
    output,
  }));
}

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
connect(connection, register);
process.stdin.on('end', () => void end());

async function underWay<T>(scan: Promise<T>): Promise<T> {
  scansUnderWay.add(scan);
  try {
    return await scan;
  } finally {
    scansUnderWay.delete(scan);
  }
}

async function end(): Promise<void> {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), patience).unref();
  ending.abort();
  await Promise.allSettled(scansUnderWay);
  await engine?.dispose();
  process.exit(0);
}
