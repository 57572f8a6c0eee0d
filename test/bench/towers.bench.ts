import { spawn, type ChildProcess } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { describePlainExport } from '../../extension/hub/plainExport';
import { readModelFile } from '../../extension/onnx/modelFile';
import { ImageTower } from '../../extension/towers/imageTower';
import { float32Tensor, openSession } from '../../extension/towers/session';
import { medianOf } from './median';
import { plainProduct, productSide, productWork } from './plainProduct';

/**
 * The two-branch pass of an object (target and background, both attention maps and every token's projection) on an image
 * tower of real size, against the plain way to write it, PyTorch and transformers with `output_attentions`, and against
 * transformers.js, which gives the embeddings alone. By turns in one run, so that all meet the same machine; beside them two
 * objects at once with half of the threads each, and what a large matrix product alone does.
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
    // What a process of its own runs: a file with its taps, or as it is.
    serve: { type: 'string' },
    plain: { type: 'boolean', default: false },
    beside: { type: 'boolean', default: false },
    product: { type: 'string' },
  },
});
if (!values.model) throw new Error('--model is missing');
const folder = values.model;
const passesATurn = 3;
const productName = `A product of ${productSide} × ${productSide} × ${productSide} alone`;

/** A program that passes an object for every line it reads, and prints the seconds that took. */
class Contender {
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(interpreter: string, ...rest: string[]) {
    this.process = spawn(interpreter, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  /** Passes an object once, and says how many seconds that took. */
  async pass(): Promise<number> {
    this.process.stdin!.write('\n');
    const { value } = (await this.lines.next()) as { value: string };
    return Number(value);
  }

  end(): void {
    this.process.stdin!.end();
  }
}

/** Every contender has a process of its own: threads of one that still spin, and its memory, would cost the next. */
function contenders(): Map<string, Contender> {
  const found = new Map<string, Contender>();
  const { python, 'transformers-js': packages, threads } = values;
  for (const file of values.file) {
    const own = [process.argv[1], '--model', folder, '--threads', threads, '--serve', file];
    found.set(file, new Contender(process.execPath, ...own));
    found.set(`${file}, without taps`, new Contender(process.execPath, ...own, '--plain'));
    found.set(`${file}, two objects side by side`, new Contender(process.execPath, ...own, '--beside'));
  }
  if (python) found.set('PyTorch', new Contender(python, 'test/bench/pytorchTowers.py', folder, threads));
  for (const product of products) {
    const own = [process.argv[1], '--model', folder, '--threads', threads, '--product', product];
    found.set(`${productName} in ${product}`, new Contender(process.execPath, ...own));
  }
  for (const type of packages ? ['fp32', 'q8'] : []) {
    const program = ['test/bench/transformersTowers.mjs', folder, threads, packages!, type];
    found.set(`transformers.js, ${type}`, new Contender(process.execPath, ...program));
  }
  return found;
}

/** @param passed objects a pass. */
async function answer(pass: () => Promise<unknown>, passed = 1): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a line is a request and says nothing more
  for await (const _ of createInterface({ input: process.stdin })) {
    const begun = performance.now();
    await pass();
    console.log((performance.now() - begun) / 1000 / passed);
  }
}

async function serve(file: string): Promise<void> {
  const { vision } = await describePlainExport(folder);
  const { model, weightsFolder } = readModelFile(join(folder, file));
  const options = { threads: Number(values.threads), spinning: true, weightsFolder };
  const side = vision.imageSize;
  const pixels = Float32Array.from({ length: 2 * 3 * side ** 2 }, (_, at) => Math.sin(at * 0.01));
  if (values.plain) {
    const session = await openSession(model, options);
    return answer(() => session.run({ pixel_values: float32Tensor(pixels, [2, 3, side, side]) }));
  }
  if (!values.beside) {
    const tower = await ImageTower.load(model, side, options);
    return answer(() => tower.run(pixels));
  }
  const half = { ...options, threads: Math.max(1, options.threads / 2) };
  const towers = [await ImageTower.load(model, side, half), await ImageTower.load(model, side, half)];
  return answer(() => Promise.all(towers.map((tower) => tower.run(pixels))), towers.length);
}

const products = ['fp32', 'int8'] as const;

async function serveProduct(): Promise<void> {
  const { run } = await plainProduct(values.product === 'int8', Number(values.threads));
  return answer(run);
}

async function compare(): Promise<void> {
  const all = contenders();
  const seconds = new Map([...all.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [name, contender] of all) {
      await contender.pass(); // A scan passes one object after the other, so what the one before left in the caches is not its share.
      for (let pass = 0; pass < passesATurn; pass++) seconds.get(name)!.push(await contender.pass());
    }
  for (const contender of all.values()) contender.end();
  console.log(
    `${cpus()[0].model}, ${values.threads} threads; seconds an object (target and background), median`,
  );
  const reference = all.has('PyTorch') ? medianOf(seconds.get('PyTorch')!) : undefined;
  for (const [name, times] of seconds) {
    const median = medianOf(times);
    if (name.startsWith(productName)) {
      console.log(`${name}: ${(productWork / median / 1e9).toFixed(0)} GMAC/s`);
      continue;
    }
    const ratio = reference ? `  ${(reference / median).toFixed(2)} × PyTorch` : '';
    console.log(
      `${name.padEnd(52)} ${median.toFixed(3)}  (${Math.min(...times).toFixed(3)} to ${Math.max(...times).toFixed(3)})${ratio}`,
    );
  }
}

void (values.serve ? serve(values.serve) : values.product ? serveProduct() : compare());
