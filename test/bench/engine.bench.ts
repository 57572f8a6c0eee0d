import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { classListPresets } from '../../extension/dataset/classLists/presets';
import { decodeFloat32 } from '../../extension/protocol/columns';
import { objectsAdded, runScan, scanStarted } from '../../extension/protocol/engine';
import { openBuiltEngine } from './builtEngine';
import { medianOf } from './median';

/**
 * Objects a second through the engine process as VS Code runs it: read, decode, detector, all three views, text, store and
 * thumbnails; its largest memory; and how long the first flagged object of a cold engine takes.
 *
 *   npm run bench -- engine [--images <folder>] [--photos <most>] [--rounds <n>] [--threads <n>]
 *     [--boxes <file>] [--classes <preset>] [--engine <another build>]
 */

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: 'media/samples' },
    photos: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '0' },
    boxes: { type: 'string', default: 'detector' },
    classes: { type: 'string', default: 'voc' },
    engine: { type: 'string', default: 'dist/engine.js' },
  },
});
const place = mkdtempSync(join(tmpdir(), 'engine-bench-'));
const classes = classListPresets.find(({ id }) => id === values.classes)!.names;
const folder = join(place, 'photos');
mkdirSync(folder);
const photos = readdirSync(values.images)
  .filter((name) => /^\.(jpe?g|png|webp)$/i.test(extname(name)))
  .slice(0, Number(values.photos));
if (photos.length === 0) throw new Error(`${values.images} itself holds no photo`);
const copies = Math.max(1, Math.floor(60 / photos.length));
for (let copy = 0; copy < copies; copy++)
  for (const name of photos) cpSync(join(values.images, name), join(folder, `${copy}-${name}`));

interface Round {
  seconds: number;
  objects: number;
  /** From the request to a cold engine. */
  firstFlaggedSeconds: number;
  largestMegabytes: number;
}

async function round(number: number): Promise<Round> {
  let firstFlagged = Infinity;
  let threshold = 0;
  const begun = performance.now();
  const { session, connection, pid } = await openBuiltEngine({
    stateDirectory: join(place, 'state'),
    threads: Number(values.threads),
    program: values.engine,
    register: (connection) => {
      connection.onNotification(scanStarted, (summary) => {
        threshold = summary.threshold.value;
      });
      connection.onNotification(objectsAdded, ({ columns }) => {
        if (decodeFloat32(columns.score).some((score) => score < threshold))
          firstFlagged = Math.min(firstFlagged, performance.now());
      });
    },
  });
  const options = { folder, classes: [...classes], boxes: values.boxes, fresh: true };
  const first = await connection.request(runScan, options);
  const warm = performance.now();
  const summary = await connection.request(runScan, options);
  const seconds = (performance.now() - warm) / 1000;
  const largestMegabytes = largestMemory(pid);
  await session.shutDown();
  const result = {
    seconds,
    objects: summary.objects,
    firstFlaggedSeconds: (firstFlagged - begun) / 1000,
    largestMegabytes,
  };
  console.log(
    `round ${number}: ${(first.objects / seconds).toFixed(1)} objects/s, ${(first.images.total / seconds).toFixed(1)} photos/s, ` +
      `first flagged ${result.firstFlaggedSeconds.toFixed(2)} s, ${largestMegabytes.toFixed(0)} MB`,
  );
  return result;
}

/** Peak resident memory in MB, from Linux's own account. */
function largestMemory(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

async function main(): Promise<void> {
  const rounds: Round[] = [];
  for (let number = 1; number <= Number(values.rounds); number++) rounds.push(await round(number));
  const median = (pick: (round: Round) => number): number => medianOf(rounds.map(pick));
  console.log(
    `${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}; ${photos.length * copies} photos, ${rounds[0].objects} objects, ${values.boxes}`,
  );
  console.log(`objects a second, median   ${median(({ objects, seconds }) => objects / seconds).toFixed(1)}`);
  console.log(`first flagged object       ${median((each) => each.firstFlaggedSeconds).toFixed(2)} s`);
  console.log(`largest engine memory      ${median((each) => each.largestMegabytes).toFixed(0)} MB`);
  rmSync(place, { recursive: true });
}

void main();
