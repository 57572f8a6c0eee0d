import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describePlainExport } from '../../extension/hub/plainExport';
import { literalConfiguration } from '../../extension/pipeline/configuration';
import { scoreObject, type PreparedTexts } from '../../extension/pipeline/scoreObject';
import { unitRows } from '../../extension/pipeline/vectors';
import { ImageTower } from '../../extension/towers/imageTower';
import { MatrixLibrary } from '../../extension/towers/matrixLibrary';
import { combinerResidual } from '../../extension/pipeline/combiner';
import { medianOf } from './median';

/**
 * What a long class list costs an object beside the pass of its two views: the method from the passes on, for 20 classes and
 * for 1,000, by turns in one run.
 *
 *   npm run bench -- classes --model <CLIP folder> [--file onnx/vision_model.onnx] [--rounds <n>] [--threads <n>]
 */

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    file: { type: 'string', default: 'onnx/vision_model.onnx' },
    rounds: { type: 'string', default: '15' },
    threads: { type: 'string', default: String(cpus().length) },
  },
});
if (!values.model) throw new Error('--model is missing');
const folder = values.model;

/** Texts near what the tower sees, so that most alignments are not cut off at zero. */
function textsNear(projected: Float32Array, classes: number, dimension: number): PreparedTexts {
  const tokens = projected.length / dimension;
  const near = Float32Array.from({ length: classes * dimension }, (_, at) => {
    const [c, k] = [Math.floor(at / dimension), at % dimension];
    return projected[(c % tokens) * dimension + k] + 0.3 * Math.sin(at * 12.9898);
  });
  const classTexts = unitRows(near, dimension);
  return { classes, dimension, classTexts, backgroundTexts: classTexts };
}

async function main(): Promise<void> {
  const { vision } = await describePlainExport(folder);
  const options = { threads: Number(values.threads), spinning: true };
  const tower = await ImageTower.load(readFileSync(join(folder, values.file)), vision.imageSize, options);
  const matrices = await MatrixLibrary.open({ threads: options.threads });
  const side = vision.imageSize;
  const pixels = Float32Array.from({ length: 2 * 3 * side ** 2 }, (_, at) =>
    Math.sin(at * 0.013 * (1 + (at % 7))),
  );
  const { target, background } = await tower.run(pixels);
  const tokens = target.attention.length;
  const dimension = target.projected.length / tokens;
  const grid = [Math.sqrt(tokens - 1), Math.sqrt(tokens - 1)] as const;
  const blurredPhoto = target.projected.slice(0, dimension);
  const model = {
    readout: { tokenMap: null, meanBackground: null, genericCombiner: null },
    combiner: null,
    grid,
    project: (rows: Float32Array, count: number) => tower.project(rows, count),
    products: {
      transposed: matrices.transposed.bind(matrices),
      pooled: matrices.pooled.bind(matrices),
      residual: combinerResidual,
    },
  };
  const lists = [20, 1000].map((classes) => textsNear(target.projected, classes, dimension));
  const passes = { target, background, hasOtherObjects: true, blurredPhoto };
  const times = new Map<string, number[]>([
    ['a pass of both views', []],
    ...lists.map(({ classes }) => [`the method, ${classes} classes`, []] as [string, number[]]),
  ]);
  const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const begun = performance.now();
    await work();
    times.get(name)!.push(performance.now() - begun);
  };
  for (let round = -1; round < Number(values.rounds); round++) {
    await timed('a pass of both views', () => tower.run(pixels));
    for (const texts of lists)
      await timed(`the method, ${texts.classes} classes`, () =>
        scoreObject(passes, texts, literalConfiguration, model),
      );
    if (round < 0) for (const all of times.values()) all.length = 0; // the first round warms up
  }
  console.log(
    `${cpus()[0].model}, ${values.threads} threads; ${tokens} tokens of ${target.tokens.length / tokens}`,
  );
  const pass = medianOf(times.get('a pass of both views')!);
  for (const [name, all] of times)
    console.log(
      `${name.padEnd(28)} ${medianOf(all).toFixed(1).padStart(7)} ms  ${((100 * medianOf(all)) / pass).toFixed(1).padStart(5)} % of a pass`,
    );
}

void main();
