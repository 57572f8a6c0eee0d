import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { classListPresets } from '../../extension/dataset/classLists/presets';
import { detectionFigures } from '../../extension/evaluation/metrics';
import type { ResultObject, Results } from '../../extension/protocol/results';

/**
 * Each form of the method on a folder with annotations, through the command line: objects of a preset's classes as ID,
 * annotated objects of other classes as OOD, boxes as annotated, sides of 32 px or more.
 *
 *   npm run bench -- method --model <bundle> --images <folder> [--fitted <bundle with a readout>]
 */

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    fitted: { type: 'string' },
    images: { type: 'string' },
    classes: { type: 'string', default: 'voc' },
  },
});
if (!values.images) throw new Error('--images is missing');
const images = values.images;
const smallestSide = 32;
const folder = mkdtempSync(join(tmpdir(), 'method-'));

const plain = { prompts: ['a photo of a {}'], views: { boxMargin: 0 } };
const literal = {
  tokenMap: false,
  clsShare: 0,
  backgroundGain: 1,
  centreBackground: false,
  scoreForm: { kind: 'max' },
};
const fitted = {
  tokenMap: true,
  clsShare: 0.5,
  backgroundGain: 0.1,
  centreBackground: true,
  scoreForm: { kind: 'max' },
};

type Score = (object: ResultObject) => number;
const method: Score = ({ score }) => score;

const literalRun = scan('literal', { ...plain, readout: literal }, values.model);
const id = new Set(classListPresets.find((preset) => preset.id === values.classes)?.names);
report('max cosine', literalRun, ({ baselines }) => baselines.maxCosine);
report('MCM, T = 1', literalRun, ({ baselines }) => baselines.mcm);
report('GL-MCM', literalRun, ({ baselines }) => baselines.glMcm);
report('RUNA-like', literalRun, ({ baselines }) => baselines.runa);
report('UNI-OOD, literal form, untrained', literalRun, method);
report(
  'literal form, γ = 0',
  scan('no background', { ...plain, readout: literal, backgroundBranch: false }, values.model),
  method,
);
if (values.fitted) {
  report('R, λ = .5, γ = .1 centred', scan('fitted', { ...plain, readout: fitted }, values.fitted), method);
  const own = scan('bundle', {}, values.fitted);
  report('the bundle’s own readout', own, method);
  report('max cosine, same view and prompts', own, ({ baselines }) => baselines.maxCosine);
}
rmSync(folder, { recursive: true });

function scan(name: string, configuration: object, model: string | undefined): ResultObject[] {
  const config = join(folder, 'config.json');
  const output = join(folder, 'results.json');
  writeFileSync(config, JSON.stringify(configuration));
  const flags = [
    '--classes',
    values.classes,
    '--boxes',
    'annotations',
    '--config',
    config,
    '--output',
    output,
    '--quiet',
  ];
  const command = ['dist/cli.js', 'scan', images, ...flags, ...(model ? ['--model', model] : [])];
  const { status, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env: { ...process.env, XDG_STATE_HOME: folder },
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const { objects } = JSON.parse(readFileSync(output, 'utf8')) as Results;
  return objects.filter(({ bbox }) => Math.min(bbox[2], bbox[3]) >= smallestSide);
}

function report(name: string, objects: ResultObject[], score: Score): void {
  const positive = objects.filter(({ label }) => id.has(label ?? '')).map(score);
  const negative = objects.filter(({ label }) => label !== null && !id.has(label)).map(score);
  const { auroc, fpr95 } = detectionFigures(positive, negative);
  const figures = [auroc, fpr95].map((value) => (100 * value).toFixed(1));
  console.log(
    `${name.padEnd(36)} AUROC ${figures[0]}  FPR95 ${figures[1]}  (ID ${positive.length}, OOD ${negative.length})`,
  );
}
