import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { classListPresets } from '../../extension/dataset/classLists/presets';
import { detectionFigures } from '../../extension/evaluation/metrics';
import { rankCorrelation } from '../../extension/evaluation/rankCorrelation';
import type { EngineSession } from '../../extension/host/engineProcess/engineSession';
import { exportScan, runScan, type ScanOptions } from '../../extension/protocol/engine';
import type { MethodConfigurationPatch } from '../../extension/protocol/methodConfiguration';
import type { ResultObject, Results } from '../../extension/protocol/results';
import { openBuiltEngine } from './builtEngine';
import { medianOf } from './median';

/**
 * How far another form of a scan agrees with the exact one, and how much faster it is: the rank correlation of the scores of
 * all objects, how many keep their class, and the seconds of a warm engine, by turns in one run. The other form is the
 * shared background, another model (the same towers in other numbers), or both.
 *
 *   npm run bench -- agreement --images <folder with annotations> [--model <bundle>] [--other-model <bundle>] [--fast]
 *     [--config <file>] [--rounds <n>] [--threads <n>] [--boxes <source>]
 */

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    model: { type: 'string' },
    'other-model': { type: 'string' },
    fast: { type: 'boolean', default: false },
    config: { type: 'string' },
    classes: { type: 'string', default: 'voc' },
    boxes: { type: 'string', default: 'annotations' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '0' },
  },
});
if (!values.images) throw new Error('--images is missing');
const images = resolve(values.images);
const place = mkdtempSync(join(tmpdir(), 'agreement-'));
const classes = [...classListPresets.find(({ id }) => id === values.classes)!.names];
const configuration = values.config
  ? (JSON.parse(readFileSync(values.config, 'utf8')) as MethodConfigurationPatch)
  : {};

interface Form {
  options: Pick<ScanOptions, 'model' | 'configuration'>;
  session: EngineSession;
  seconds: number[];
  objects: ResultObject[];
}

async function openForm(model: string | undefined, isFast: boolean): Promise<Form> {
  const { session } = await openBuiltEngine({
    stateDirectory: join(place, 'state'),
    threads: Number(values.threads),
  });
  const views = { ...configuration.views, ...(isFast ? { background: 'shared' as const } : {}) };
  const options = {
    ...(model === undefined ? {} : { model: resolve(model) }),
    configuration: { ...configuration, views },
  };
  return { options, session, seconds: [], objects: [] };
}

async function scan({ options, session, seconds, objects }: Form, isTimed: boolean): Promise<void> {
  const { connection } = session;
  const begun = performance.now();
  const { reference } = await connection.request(runScan, {
    folder: images,
    classes,
    boxes: values.boxes,
    fresh: true,
    ...options,
  });
  if (isTimed) seconds.push((performance.now() - begun) / 1000);
  const output = join(place, 'results.json');
  await connection.request(exportScan, { reference, format: 'json', only: 'all', output });
  objects.splice(0, Infinity, ...(JSON.parse(readFileSync(output, 'utf8')) as Results).objects);
}

function compare(name: string, one: readonly ResultObject[], other: ReadonlyMap<string, ResultObject>): void {
  const pairs = one.flatMap((object) => {
    const same = other.get(object.id);
    return same ? [[object, same] as const] : [];
  });
  const [first, second] = [0, 1].map((side) => pairs.map((pair) => pair[side]));
  const scores = (objects: readonly ResultObject[]): number[] => objects.map(({ score }) => score);
  const same = pairs.filter(([a, b]) => a.predictedClass === b.predictedClass).length / pairs.length;
  const known = new Set(classes);
  const auroc = (objects: readonly ResultObject[]): string => {
    const id = objects.filter(({ label }) => label !== null && known.has(label));
    const ood = objects.filter(({ label }) => label !== null && !known.has(label));
    if (id.length === 0 || ood.length === 0) return '-';
    return (100 * detectionFigures(scores(id), scores(ood)).auroc).toFixed(1);
  };
  console.log(
    `${name}: ${pairs.length} objects, ρ ${rankCorrelation(scores(first), scores(second)).toFixed(4)}, same class ${(100 * same).toFixed(1)} %, ` +
      `AUROC ${auroc(first)} and ${auroc(second)}`,
  );
}

async function main(): Promise<void> {
  const exact = await openForm(values.model, false);
  const other = await openForm(values['other-model'] ?? values.model, values.fast);
  for (const form of [exact, other]) await scan(form, false); // the first meets cold models
  for (let round = 0; round < Number(values.rounds); round++)
    for (const form of [exact, other]) await scan(form, true);
  const byId = new Map(other.objects.map((object) => [object.id, object]));
  compare('all', exact.objects, byId);
  const isLarge = ({ bbox }: ResultObject): boolean => Math.min(bbox[2], bbox[3]) >= 32;
  compare('sides of 32 px or more', exact.objects.filter(isLarge), byId);
  if (exact.seconds.length > 0) {
    const text = (seconds: readonly number[]): string => seconds.map((value) => value.toFixed(1)).join(', ');
    const ratios = exact.seconds.map((seconds, at) => seconds / other.seconds[at]);
    console.log(`${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}`);
    console.log(
      `exact ${text(exact.seconds)} s; other ${text(other.seconds)} s; median ratio ${medianOf(ratios).toFixed(2)}`,
    );
  }
  for (const { session } of [exact, other]) await session.shutDown();
  rmSync(place, { recursive: true });
}

void main();
