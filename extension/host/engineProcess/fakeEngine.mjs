// Stands in for the engine in the tests of its client: speaks the same protocol, and dies where it is told to.
// The folder of a scan says how it goes: "die" kills the process mid-scan, as long as the file LIVES allows it.
import { existsSync, rmSync } from 'node:fs';
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node.js';

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
const threshold = { value: 0.2, source: 'bundle', truePositiveRate: null, origin: 'a test', warning: null };

const summary = (folder, state, done) => ({
  reference: { folder, scanId: 'scan-1' },
  state,
  createdAt: '2026-01-01T00:00:00.000Z',
  classes: ['cat'],
  model: { id: 'fake', version: '1', sha256: '0' },
  combiner: null,
  boxesOrigin: 'detector',
  settings: null,
  annotations: null,
  deviceFallback: null,
  images: { total: 3, done, unreadable: 0 },
  leftOut: 0,
  objects: done,
  flagged: 0,
  reviewedFlagged: 0,
  threshold,
});

connection.onRequest('engine/initialize', ({ stateDirectory }) => {
  console.error(`state in ${stateDirectory}`);
  if (process.env.FAKE_ENGINE === 'dies-at-once') process.exit(7);
  if (process.env.FAKE_ENGINE === 'refuses')
    throw new Error('detector.onnx is damaged. Install the extension again.');
  return { version: 'fake', pid: process.pid, node: process.versions.node };
});

connection.onRequest('scan/run', async ({ folder }, token) => {
  await connection.sendNotification('scan/started', summary(folder, 'scanning', 0));
  if (existsSync(folder)) {
    rmSync(folder); // the next life finishes
    await new Promise((resolve) => setTimeout(resolve, 300)); // on a busy machine the end would be known before what was said
    process.kill(process.pid, 'SIGKILL');
  }
  if (folder.endsWith('endless')) {
    await new Promise((resolve) => token.onCancellationRequested(resolve));
    throw new ResponseError(-32800, 'Cancelled.');
  }
  return summary(folder, 'finished', 3);
});

connection.onRequest('engine/ping', () => ({}));
connection.onRequest('scan/list', () => ({ scans: [] }));
connection.onClose(() => {
  if (process.env.FAKE_ENGINE !== 'lingers') process.exit(0);
});
connection.listen();
if (process.env.FAKE_ENGINE === 'lingers') setInterval(() => undefined, 1000);
