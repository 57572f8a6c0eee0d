import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { classListPresets } from '../../extension/dataset/classLists/presets';
import { alikeGroups } from '../../extension/likeness/alikeGroups';
import { likenessShare, likenessThreshold } from '../../extension/likeness/likenessThreshold';
import { measured } from '../../extension/likeness/unitMeans';
import { multiplyTransposed } from '../../extension/pipeline/vectors';
import { runScan } from '../../extension/protocol/engine';
import { readDirections } from '../../extension/store/embeddings';
import { ScanStore } from '../../extension/store/scanStore';
import { stateDirectoryOf } from '../../extension/store/stateDirectory';
import { openBuiltEngine } from './builtEngine';

/**
 * How well groups of alike objects agree with the labels of a folder, at several thresholds: how many objects are in a group
 * of two or more, how many of these have the label of most of their group, how many groups have one label alone, and
 * how many verdicts a person is left with who gives one a group.
 *
 *   npm run bench -- likeness --images <folder with annotations> [--model <bundle>] [--least-side <pixels>]
 */

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    model: { type: 'string' },
    'least-side': { type: 'string', default: '32' },
  },
});
if (!values.images) throw new Error('--images is missing');
const folder = resolve(values.images);
const place = mkdtempSync(join(tmpdir(), 'likeness-bench-'));

async function scanned(): Promise<string> {
  const { session, connection } = await openBuiltEngine({ stateDirectory: place });
  const { reference } = await connection.request(runScan, {
    folder,
    classes: [...classListPresets.find(({ id }) => id === 'coco')!.names],
    boxes: 'annotations',
    fresh: true,
    ...(values.model === undefined ? {} : { model: resolve(values.model) }),
  });
  await session.shutDown();
  return reference.scanId;
}

interface Labelled {
  values: Int8Array;
  width: number;
  labels: string[];
}

/** Directions and labels of the objects that are large enough. */
async function labelled(scanId: string): Promise<Labelled> {
  const store = ScanStore.open(await stateDirectoryOf(folder, place));
  const { directions, width } = await readDirections(store.connection, scanId, () => Promise.resolve());
  const rows = store.connection
    .prepare('SELECT label, min(width, height) FROM object WHERE scan = ? ORDER BY row')
    .raw()
    .all(scanId) as [string, number][];
  store.close();
  const chosen = rows.flatMap(([, side], at) => (side >= Number(values['least-side']) ? [at] : []));
  const kept = new Int8Array(chosen.length * width);
  chosen.forEach((at, to) => kept.set(directions.subarray(at * width, (at + 1) * width), to * width));
  return { values: kept, width, labels: chosen.map((at) => rows[at][0]) };
}

async function figures({ labels, ...directions }: Labelled, share: number): Promise<string> {
  const work = { products: multiplyTransposed, pause: () => Promise.resolve() };
  const groups = await alikeGroups(directions, work, share);
  const counts = new Map<number, Map<string, number>>();
  groups.forEach((group, at) => {
    const own = counts.get(group) ?? new Map<string, number>();
    counts.set(group, own.set(labels[at], (own.get(labels[at]) ?? 0) + 1));
  });
  const sizeOf = (own: Map<string, number>): number =>
    [...own.values()].reduce((sum, count) => sum + count, 0);
  const several = [...counts.values()].filter((own) => sizeOf(own) > 1);
  const inGroups = several.reduce((sum, own) => sum + sizeOf(own), 0);
  const agreeing = several.reduce((sum, own) => sum + Math.max(...own.values()), 0);
  const pure = several.filter((own) => own.size === 1).length;
  const percent = (value: number): string => (100 * value).toFixed(1);
  return [
    share === likenessShare ? `**${share}**` : share,
    likenessThreshold(measured(directions), share).toFixed(3),
    percent(inGroups / labels.length),
    percent(agreeing / inGroups),
    percent(pure / several.length),
    several.length,
    Math.max(...several.map(sizeOf)),
    percent(counts.size / labels.length),
  ].join(' | ');
}

async function main(): Promise<void> {
  const objects = await labelled(await scanned());
  rmSync(place, { recursive: true });
  console.log(`${objects.labels.length} objects`);
  console.log(
    'share | cosine | in groups % | label of most % | pure groups % | groups | largest | verdicts %',
  );
  for (const share of [0.5, 0.6, 0.65, likenessShare, 0.75, 0.8]) console.log(await figures(objects, share));
}

void main();
