import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { readClassList as readList } from '../dataset/classLists/readClassList';
import { cancellationError, connect, type TypedConnection } from '../messaging/typedConnection';
import { applyVerdicts, findAnnotation } from '../protocol/annotations';
import {
  compareScans,
  decide,
  describeFolder,
  describeObject,
  deviceFellBack,
  exportScan,
  initialize,
  ping,
  listScans,
  moveInHistory,
  objectsAdded,
  readClassList,
  removeScan,
  runScan,
  scanPreparing,
  scanProgressed,
  scanStarted,
  setThreshold,
  setThresholdPerClass,
  setTruePositiveRate,
  snapshotScan,
  thumbnails,
} from '../protocol/engine';
import { groupByLikeness } from '../protocol/likeness';
import {
  importModelFolder,
  dropUnfinishedModels,
  listModels,
  planModel,
  pullModel,
  pullProgressed,
  removeModel,
  verifyModel,
} from '../protocol/models';
import { reportProgressed } from '../protocol/report';
import { evaluationProgressed, runEvaluation } from '../protocol/evaluationRun';
import { findReviewed, listCombiners, runTuning, tuningProgressed } from '../protocol/tuning';
import { userModelDirectory } from '../hub/modelCache';
import type { PullProgress } from '../hub/pullModel';
import { UserFacingError } from '../protocol/userFacingError';
import { TransferRate } from './transferRate';
import { Engine } from './engine';
import type { ScanListener } from './folderRun';

/**
 * The engine process: the requests of `protocol` over standard input and output. It ends when its input does,
 * so that it never outlives the window it works for. Standard error is its log.
 */

const version = process.env.UNI_OOD_VERSION ?? '0';
let engine: Engine | undefined;

/** Aborted when the input ends; what is under way is then given up in good order. */
const ending = new AbortController();
const workUnderWay = new Set<Promise<unknown>>();
/** Milliseconds a run of a large tower may take before the process ends by force. */
const patience = 5000;

function ready(): Engine {
  if (!engine) throw new UserFacingError('The engine was asked before it was initialised.');
  return engine;
}

function register(host: TypedConnection): void {
  host.onRequest(ping, () => ({}));
  host.onRequest(initialize, (settings) => {
    const modelDirectory = userModelDirectory();
    engine ??= new Engine(
      { ...settings, modelDirectory, version },
      (sentence) => console.error(sentence),
      (fallback) => {
        console.error(fallback.sentence);
        host.notify(deviceFellBack, fallback);
      },
    );
    return { version, pid: process.pid, node: process.version };
  });
  host.onRequest(describeFolder, ({ folder }) => ready().describeFolder(folder));
  host.onRequest(readClassList, async ({ folder, spec }) => ({ classes: await readList(spec, folder) }));
  host.onRequest(runScan, async (options, signal) => {
    const listener: ScanListener = {
      preparing: (what) => host.notify(scanPreparing, { folder: options.folder, what }),
      noticed: (sentence) => console.error(`${options.folder}: ${sentence}`),
      started: (summary) => host.notify(scanStarted, summary),
      progressed: (progress) => host.notify(scanProgressed, progress),
      objectsAdded: (reference, columns) => host.notify(objectsAdded, { reference, columns }),
    };
    const scan = ready().runScan(options, listener, AbortSignal.any([signal, ending.signal]));
    return stoppable(scan, signal, 'The scan was stopped. Results so far are kept.');
  });
  host.onRequest(listScans, async ({ folders }) => ({ scans: await ready().listScans(folders) }));
  host.onRequest(removeScan, async (reference) => {
    await ready().removeScan(reference);
    return {};
  });
  host.onRequest(snapshotScan, (reference) => ready().snapshot(reference));
  host.onRequest(compareScans, ({ reference, other }) => ready().compareScans(reference, other));
  host.onRequest(findAnnotation, ({ reference, id }) => ready().annotationPlace(reference, id));
  host.onRequest(applyVerdicts, ({ reference, rules, output }) =>
    ready().applyVerdicts(reference, rules, output),
  );
  host.onRequest(describeObject, ({ reference, id }) => ready().object(reference, id));
  host.onRequest(thumbnails, async ({ reference, ids }) => ({
    paths: await ready().thumbnails(reference, ids),
  }));
  host.onRequest(groupByLikeness, (reference) => ready().likeness(reference));
  host.onRequest(decide, ({ reference, changes }) => ready().decide(reference, changes));
  host.onRequest(moveInHistory, ({ reference, direction, step }) =>
    ready().moveInHistory(reference, direction, step),
  );
  host.onRequest(setThresholdPerClass, async ({ reference, chosen }) => ({
    summary: await ready().setThresholdPerClass(reference, chosen),
  }));
  host.onRequest(setTruePositiveRate, async ({ reference, rate }) => ({
    summary: await ready().setTruePositiveRate(reference, rate),
  }));
  host.onRequest(setThreshold, async ({ reference, value }) => {
    const summary = await ready().setThreshold(reference, value);
    return { threshold: summary.threshold, summary };
  });
  registerModels(host);
  registerStudies(host);
  host.onRequest(exportScan, async ({ reference, format, only, output }, signal) => {
    const exported = ready().export(
      reference,
      format,
      only,
      output,
      (done, total) => host.notify(reportProgressed, { reference, done, total }),
      AbortSignal.any([signal, ending.signal]),
    );
    return {
      objects: await stoppable(exported, signal, 'The export was stopped. Nothing was written.'),
      output,
    };
  });
}

function registerModels(host: TypedConnection): void {
  host.onRequest(listModels, async () => {
    const { library } = ready();
    return { models: await library.list(), directory: library.directory, usage: await library.usage() };
  });
  host.onRequest(dropUnfinishedModels, async () => {
    await ready().library.dropUnfinished();
    return {};
  });
  host.onRequest(planModel, ({ id }, signal) => ready().library.plan(id, { acceptChange: false }, signal));
  host.onRequest(pullModel, async ({ id, acceptChange }, signal) => {
    const rate = new TransferRate();
    const progressed = (progress: PullProgress): void => {
      const bytesPerSecond = rate.sample(progress.received, performance.now() / 1000);
      host.notify(pullProgressed, { id, ...progress, bytesPerSecond });
    };
    try {
      await ready().library.pull(id, { acceptChange }, atMostEvery(100, progressed), signal);
    } catch (error) {
      throw signal.aborted ? cancellationError('The download was stopped. What has arrived is kept.') : error;
    }
    return {};
  });
  host.onRequest(verifyModel, async ({ id }) => ({ files: await ready().library.verify(id) }));
  host.onRequest(removeModel, async ({ id }) => ({ freed: await ready().library.remove(id) }));
  host.onRequest(importModelFolder, async ({ folder, id, int8 }) => ({
    id: await ready().library.import(folder, id, int8),
  }));
}

function registerStudies(host: TypedConnection): void {
  host.onRequest(runTuning, async (options, signal) => {
    const { folder } = options;
    const tuning = ready().studies.tune(
      options,
      (progress) => host.notify(tuningProgressed, { folder, progress }),
      AbortSignal.any([signal, ending.signal]),
    );
    return stoppable(tuning, signal, 'Tuning was stopped. The combiner that was in force stays.');
  });
  host.onRequest(runEvaluation, async (options, signal) => {
    const { id } = options;
    const evaluation = ready().studies.evaluate(
      options,
      (progress) => host.notify(evaluationProgressed, { id, progress }),
      AbortSignal.any([signal, ending.signal]),
    );
    return (await stoppable(evaluation, signal, 'The evaluation was stopped.')).outcome;
  });
  host.onRequest(findReviewed, async ({ folder, scanId }) => ({
    reviewed: await ready().studies.reviewed(folder, scanId),
  }));
  host.onRequest(listCombiners, ({ folders, files, model }) =>
    ready().studies.combiners.list(folders, files, model),
  );
}

/** Passes on what is told, but not more often than every so many milliseconds; the end is always told. */
function atMostEvery(
  milliseconds: number,
  told: (progress: PullProgress) => void,
): (progress: PullProgress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < milliseconds && progress.received < progress.total) return;
    last = now;
    told(progress);
  };
}

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
connect(connection, register);
process.stdin.on('end', () => void end());

/** Work that the end of the process waits for. @param stopped what is answered when its request was cancelled. */
async function stoppable<T>(work: Promise<T>, signal: AbortSignal, stopped: string): Promise<T> {
  workUnderWay.add(work);
  try {
    return await work;
  } catch (error) {
    throw signal.aborted ? cancellationError(stopped) : error;
  } finally {
    workUnderWay.delete(work);
  }
}

async function end(): Promise<void> {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), patience).unref();
  ending.abort();
  await Promise.allSettled(workUnderWay);
  await engine?.dispose();
  process.exit(0);
}
