import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../test/fixtures/oracle';
import { ImageTower } from './imageTower';
import { int8ImageTower } from './int8Tower';
import { elementType, decodeModel, asNumber } from '../onnx/modelProto';

const models = join(__dirname, '../../test/fixtures/models');
const read = (file: string): Buffer => readFileSync(join(models, file));
const oracle = readOracle('clip-tiny');
const [tokens, width, dimension, area] = [17, 48, 24, 3 * 64 * 64];

const opened: ImageTower[] = [];
afterEach(async () => {
  for (const tower of opened.splice(0)) await tower.dispose();
});

async function open(bytes: Uint8Array): Promise<ImageTower> {
  const tower = await ImageTower.load(bytes, 64, { threads: 1 });
  opened.push(tower);
  return tower;
}

function cosine(one: Float32Array, other: Float32Array): number {
  const dot = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, at) => sum + value * b[at], 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}

const sizeOf = (bytes: Uint8Array, type: number): number =>
  decodeModel(bytes)
    .graph.initializer.filter(({ dataType }) => dataType === type)
    .reduce((sum, { dims }) => sum + dims.reduce((size, side) => size * asNumber(side), 1), 0);

describe('an image tower in 8-bit integers, against a float64 reference', () => {
  it.each([
    ['clip-tiny/onnx/vision_model.onnx', 'full'],
    ['clip-tiny/onnx/vision_model.onnx', 'reduced'],
    ['clip-tiny/onnx/model.onnx', 'reduced'],
    ['variants/slim/vision_model.onnx', 'reduced'],
    ['variants/eager/vision_model.onnx', 'reduced'],
    ['variants/sdpa/vision_model.onnx', 'reduced'],
    ['variants/dynamo18/vision_model.onnx', 'reduced'],
    ['variants/dynamo23/vision_model.onnx', 'reduced'],
  ] as const)('%s, %s range', async (file, range) => {
    const exact = read(file);
    // Products of full weights overflow on processors without VNNI.
    const least = range === 'full' ? 0.95 : 0.99;
    const made = int8ImageTower(exact, range);
    const tower = await open(made);
    expect(tower.facts).toEqual({ layers: 3, tokens, grid: [4, 4], width, dimension, mixesBatch: true });
    for (let object = 0; object < 5; object++) {
      const view = (name: string): Float32Array =>
        oracle.tensor(name).data.subarray(object * area, (object + 1) * area);
      const passes = await tower.run(
        Float32Array.from([...view('pixel_target'), ...view('pixel_background')]),
      );
      const rows = (name: string): Float32Array => {
        const { data, shape } = oracle.tensor(name);
        const size = data.length / shape[0];
        return data.subarray(object * size, (object + 1) * size);
      };
      expect(largestDifference(passes.target.attention, rows('beta_x'))).toBeLessThan(0.03);
      expect(largestDifference(passes.background.attention, rows('beta_bg'))).toBeLessThan(0.03);
      expect(cosine(passes.target.projected, rows('target_Pz'))).toBeGreaterThan(least);
      expect(cosine(passes.target.tokens, rows('target_z'))).toBeGreaterThan(least);
    }
  });

  it('is smaller, by the weights of its products', () => {
    const exact = read('clip-tiny/onnx/vision_model.onnx');
    const made = int8ImageTower(exact, 'reduced');
    const integers = sizeOf(made, elementType.int8);
    // Three layers of q, k, v, o and a feed-forward network twice as wide.
    expect(integers).toBe(3 * 8 * width * width);
    expect(exact.length - made.length).toBeGreaterThan(2.5 * integers);
  });

  it('can be made of weights kept in half precision', async () => {
    const embedded = readFileSync(join(__dirname, '../../models/embedded/vision.onnx'));
    const made = int8ImageTower(embedded, 'reduced');
    const halves = sizeOf(embedded, elementType.float16) - sizeOf(made, elementType.float16);
    expect(sizeOf(made, elementType.int8)).toBe(halves);
    // Three layers of q, k, v, o and a feed-forward network three times as wide; the products behind the convolutions stay.
    expect(halves).toBe(3 * 10 * 256 ** 2);
    const [exact, tower] = [
      await ImageTower.load(embedded, 224, { threads: 1 }),
      await ImageTower.load(made, 224, { threads: 1 }),
    ];
    opened.push(exact, tower);
    const pixels = Float32Array.from({ length: 2 * 3 * 224 * 224 }, (_, at) => Math.sin(at / 900));
    const [one, other] = [await exact.run(pixels), await tower.run(pixels)];
    expect(cosine(one.target.projected, other.target.projected)).toBeGreaterThan(0.999);
  });

  it('cannot be made of a file that is in integers already, or no image tower', () => {
    expect(() => int8ImageTower(read('clip-tiny/onnx/vision_model_quantized.onnx'), 'full')).toThrow(
      'made from the fp32 file',
    );
    expect(() => int8ImageTower(read('clip-tiny/onnx/text_model.onnx'), 'full')).toThrow();
  });
});
