import {
  mkdtempSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withWeightsElsewhere } from '../../test/fixtures/weightsElsewhere';
import { ImageTower } from '../towers/imageTower';
import { int8ImageTower } from '../towers/int8Tower';
import { readModelFile } from './modelFile';
import { decodeModel } from './modelProto';
import { rewriteGraph } from './rewriteGraph';

const original = join(__dirname, '../../test/fixtures/models/clip-tiny/onnx/vision_model.onnx');
const imageSize = 64;

let folder: string;
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'model-file-')))));
afterEach(() => rmSync(folder, { recursive: true }));

/** The tiny tower with its weights in other files of the folder. */
function writeElsewhere(fileOf: (weight: number) => string, name = 'model.onnx'): string {
  const { model, weights } = withWeightsElsewhere(readFileSync(original), fileOf);
  writeFileSync(join(folder, name), model);
  for (const [location, data] of weights) writeFileSync(join(folder, location), data);
  return join(folder, name);
}

async function passesOf(path: string): Promise<number[]> {
  const { model, weightsFolder } = readModelFile(path);
  return passes(model, weightsFolder);
}

async function passes(model: Uint8Array, weightsFolder?: string): Promise<number[]> {
  const tower = await ImageTower.load(model, imageSize, { threads: 1, weightsFolder });
  const pixels = Float32Array.from({ length: 6 * imageSize ** 2 }, (_, at) => Math.sin(at * 0.37));
  const { target, background } = await tower.run(pixels);
  const cls = await tower.project(target.tokens.slice(0, tower.facts.width), 1);
  await tower.dispose();
  return [...target.projected, ...target.attention, ...background.attention, ...cls];
}

describe('a model file', () => {
  it('is read without its large weights, and computes the same to the bit', async () => {
    const { model, weightsFolder, weightFiles } = readModelFile(original);
    const whole = readFileSync(original);
    expect(model.length).toBeLessThan(whole.length / 2);
    expect(weightFiles).toEqual([]);
    expect(await passes(model, weightsFolder)).toEqual(await passes(whole));
  });

  it.each([
    ['one file', () => 'model.onnx_data'],
    ['a file each', (at: number) => `weights.${at}`],
  ])('finds weights that lie in %s beside it', async (_, fileOf) => {
    const path = writeElsewhere(fileOf);
    expect(readModelFile(path).weightFiles.length).toBeGreaterThan(0);
    expect(await passesOf(path)).toEqual(await passes(readFileSync(original)));
  });

  it('holds all its weights when that is asked for, so that it can be converted', async () => {
    const path = writeElsewhere(() => 'model.onnx_data');
    const { model } = readModelFile(path, Infinity);
    const [ours, theirs] = [model, readFileSync(original)].map((file) => int8ImageTower(file, 'full'));
    expect(await passes(ours)).toEqual(await passes(theirs));
  });

  it('is found behind the links of a cache of models', async () => {
    mkdirSync(join(folder, 'blobs'));
    mkdirSync(join(folder, 'snapshot'));
    const path = writeElsewhere(() => 'model.onnx_data', 'blobs/1f');
    writeFileSync(join(folder, 'blobs/2e'), readFileSync(join(folder, 'model.onnx_data')));
    rmSync(join(folder, 'model.onnx_data'));
    symlinkSync(path, join(folder, 'snapshot/model.onnx'));
    symlinkSync(join(folder, 'blobs/2e'), join(folder, 'snapshot/model.onnx_data'));
    expect(await passesOf(join(folder, 'snapshot/model.onnx'))).toEqual(await passes(readFileSync(original)));
  });
});

describe('weights that are refused', () => {
  it.each(['../model.onnx_data', '/etc/hostname', ''])('lie outside of the folder: %s', (location) => {
    mkdirSync(join(folder, 'inner'));
    const path = writeElsewhere(() => 'model.onnx_data', 'inner/model.onnx');
    const bytes = readFileSync(path);
    const [tensor] = decodeModel(bytes).graph.initializer.filter(({ dataLocation }) => dataLocation === 1);
    const moved = { ...tensor, externalData: [{ key: 'location', value: location }] };
    const changes = { replaceNode: () => undefined, keepsInitializer: () => false, initializers: [moved] };
    writeFileSync(path, rewriteGraph(bytes, changes));
    expect(() => readModelFile(path)).toThrow(/outside of its folder .*no other folder is read/);
  });

  it('lie behind a link that leads out', () => {
    mkdirSync(join(folder, 'inner'));
    const path = writeElsewhere(() => 'model.onnx_data', 'inner/model.onnx');
    symlinkSync(join(folder, 'model.onnx_data'), join(folder, 'inner/model.onnx_data'));
    expect(() => readModelFile(path)).toThrow(/outside of its folder \(model\.onnx_data\)/);
  });

  it('are missing, or cut short', () => {
    const path = writeElsewhere(() => 'model.onnx_data');
    const data = readFileSync(join(folder, 'model.onnx_data'));
    writeFileSync(join(folder, 'model.onnx_data'), data.subarray(0, data.length - 100));
    expect(() => readModelFile(path)).toThrow(
      /should reach to byte \d+ of .*model\.onnx_data, which has \d+/,
    );
    rmSync(join(folder, 'model.onnx_data'));
    expect(() => readModelFile(path)).toThrow(/lie in model\.onnx_data, and there is no such file beside it/);
  });
});

describe('what is no model', () => {
  it.each([
    ['text', Buffer.from('{"not": "a model"}')],
    ['a file that ends in the middle', readFileSync(original).subarray(0, 5000)],
  ])('is refused: %s', (_, bytes) => {
    writeFileSync(join(folder, 'model.onnx'), bytes);
    expect(() => readModelFile(join(folder, 'model.onnx'))).toThrow(/^not an ONNX model/);
  });
});
