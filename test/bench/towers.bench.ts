import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { describePlainExport } from '../../extension/hub/plainExport';
import { ImageTower } from '../../extension/towers/imageTower';
import { float32Tensor, openSession } from '../../extension/towers/session';
import { medianOf } from './median';

/**
 * The two-branch pass of an object (target and background, both attention maps and every token's projection) on an image
 * tower of real size, against the plain way to write it, PyTorch and transformers with `output_attentions`, and against
 * transformers.js, which gives the embeddings alone. By turns in one run, so that all meet the same machine.
 *
 *   npm run bench -- towers --model <CLIP folder> [--file onnx/vision_model.onnx] [--python <interpreter with torch>]
 *     [--transformers-js <folder with its package>] [--rounds <n>] [--threads <n>]
 *
 * The folder holds the export, `config.json`, `preprocessor_config.json` and, for PyTorch, `model.safetensors`. Random
 * weights do: speed does not depend on them.
 */

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    file: { type: 'string', multiple: true, default: ['onnx/vision_model.onnx'] },
    python: { type: 'string' },
    'transformers-js': { type: 'string' },
    rounds: { type: 'string', default: '9' },
    threads: { type: 'string', default: String(cpus().length) },
  },
});
if (!values.model) throw new Error('--model is missing');
const folder = values.model;

/** Passes an object once, and says how many seconds that took. */
type Contender = () => Promise<number>;

/** A program that passes an object for every line it reads, and prints the seconds that took. */
class OtherProgram {
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(interpreter: string, program: string, ...rest: string[]) {
    this.process = spawn(interpreter, [program, folder, values.threads, ...rest], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  readonly pass: Contender = async () => {
    this.process.stdin!.write('\n');
    const { value } = (await this.lines.next()) as { value: string };
    return Number(value);
  };

  end(): void {
    this.process.stdin!.end();
  }
}

async function main(): Promise<void> {
  const { vision } = await describePlainExport(folder);
  const contenders = new Map<string, Contender>();
  for (const file of values.file) {
    const options = { threads: Number(values.threads), spinning: true };
    const tower = await ImageTower.load(readFileSync(join(folder, file)), vision.imageSize, options);
    const plain = await openSession(readFileSync(join(folder, file)), options);
    const side = vision.imageSize;
    const pixels = Float32Array.from({ length: 2 * 3 * vision.imageSize ** 2 }, (_, at) =>
      Math.sin(at * 0.01),
    );
    const timed =
      (work: () => Promise<unknown>): Contender =>
      async () => {
        const begun = performance.now();
        await work();
        return (performance.now() - begun) / 1000;
      };
    contenders.set(
      file,
      timed(() => tower.run(pixels)),
    );
    contenders.set(
      `${file}, without taps`,
      timed(() => plain.run({ pixel_values: float32Tensor(pixels, [2, 3, side, side]) })),
    );
  }
  const others = new Map<string, OtherProgram>();
  const { python, 'transformers-js': packages } = values;
  if (python) others.set('PyTorch', new OtherProgram(python, 'test/bench/pytorchTowers.py'));
  for (const type of packages ? ['fp32', 'q8'] : [])
    others.set(
      `transformers.js, ${type}`,
      new OtherProgram(process.execPath, 'test/bench/transformersTowers.mjs', packages!, type),
    );
  for (const [name, { pass }] of others) contenders.set(name, pass);
  const seconds = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  for (const pass of contenders.values()) await pass(); // the first meets cold memory
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [name, pass] of contenders) seconds.get(name)!.push(await pass());
  for (const other of others.values()) other.end();
  console.log(
    `${cpus()[0].model}, ${values.threads} threads; seconds an object (target and background), median`,
  );
  const reference = others.has('PyTorch') ? medianOf(seconds.get('PyTorch')!) : undefined;
  for (const [name, all] of seconds) {
    const median = medianOf(all);
    const ratio = reference ? `  ${(reference / median).toFixed(2)} × PyTorch` : '';
    console.log(
      `${name.padEnd(52)} ${median.toFixed(3)}  (${Math.min(...all).toFixed(3)} to ${Math.max(...all).toFixed(3)})${ratio}`,
    );
  }
}

void main();
