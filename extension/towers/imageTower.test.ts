import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { withFixedBatch } from '../../test/fixtures/fixedBatch';
import { largestDifference, readOracle } from '../../test/fixtures/oracle';
import { crossAttention } from '../pipeline/crossAttention';
import { unitRows } from '../pipeline/vectors';
import { ImageTower } from './imageTower';

const oracle = readOracle('clip-tiny');
const models = join(__dirname, '../../test/fixtures/models');
const tokens = 17;
const dimension = 24;
const objects = 5;
const opened: ImageTower[] = [];
afterEach(async () => {
  for (const tower of opened.splice(0)) await tower.dispose();
});

/** @param file of the fixtures; with ` × n` behind it, as an export that takes n views a run. */
async function open(file: string, size = 64, givesKeys = false): Promise<ImageTower> {
  const [path, batch] = file.split(' × ');
  const bytes = readFileSync(join(models, path));
  const model = batch ? withFixedBatch(bytes, Number(batch)) : bytes;
  const tower = await ImageTower.load(model, size, { threads: 1 }, givesKeys);
  opened.push(tower);
  return tower;
}

/** Target, background and whole image of an object, as the oracle was fed. */
const pixels = (object: number): Float32Array =>
  Float32Array.from(
    ['pixel_target', 'pixel_background', 'pixel_whole'].flatMap((name) => Array.from(rows(name, object))),
  );

const rows = (name: string, object: number): Float32Array => {
  const { data } = oracle.tensor(name);
  return data.slice((object * data.length) / objects, ((object + 1) * data.length) / objects);
};

function smallestCosine(a: Float32Array, b: Float32Array): number {
  const [u, v] = [unitRows(a, dimension), unitRows(b, dimension)];
  let smallest = 1;
  for (let row = 0; row < u.length; row += dimension) {
    let product = 0;
    for (let k = row; k < row + dimension; k++) product += u[k] * v[k];
    smallest = Math.min(smallest, product);
  }
  return smallest;
}

const all = [0, 1, 2, 3, 4];
const fp32 = { beta: 1e-6, tokens: 5e-5, cosine: 1 - 1e-6 };
const fp16 = { beta: 1e-3, tokens: 2e-2, cosine: 1 - 1e-4 };
const int8 = { beta: 0.03, tokens: 1, cosine: 0.99 };

const files: [string, typeof fp32][] = [
  ['clip-tiny/onnx/vision_model.onnx', fp32],
  ['clip-tiny/onnx/model.onnx', fp32],
  ['variants/slim/vision_model.onnx', fp32],
  ['variants/eager/vision_model.onnx', fp32],
  ['variants/sdpa/vision_model.onnx', fp32],
  ['variants/dynamo18/vision_model.onnx', fp32],
  ['variants/dynamo23/vision_model.onnx', fp32],
  ['variants/combined17/model.onnx', fp32],
  ['clip-tiny/onnx/vision_model.onnx × 1', fp32],
  ['variants/dynamo18/vision_model.onnx × 3', fp32],
  ['variants/combined17/model.onnx × 2', fp32],
  ['clip-tiny/onnx/vision_model_fp16.onnx', fp16],
  ['clip-tiny/onnx/vision_model_quantized.onnx', int8],
  ['variants/int8-qk/vision_model.onnx', int8],
  ['clip-tiny/onnx/vision_model_quantized.onnx × 3', int8],
];

describe('image towers from every exporter, against a float64 reference', () => {
  it.each(files)('%s', async (file, tolerance) => {
    const tower = await open(file);
    const mixesBatch = tolerance === int8;
    expect(tower.facts).toEqual({ layers: 3, tokens, grid: [4, 4], width: 48, dimension, mixesBatch });
    for (const object of all) {
      const { target, background, photo } = await tower.run(pixels(object));
      expect(largestDifference(target.attention, rows('beta_x', object))).toBeLessThan(tolerance.beta);
      expect(largestDifference(background.attention, rows('beta_bg', object))).toBeLessThan(tolerance.beta);
      expect(largestDifference(target.tokens, rows('target_z', object))).toBeLessThan(tolerance.tokens);
      expect(largestDifference(background.tokens, rows('background_z', object))).toBeLessThan(
        tolerance.tokens,
      );
      expect(smallestCosine(target.projected, rows('target_Pz', object))).toBeGreaterThan(tolerance.cosine);
      expect(smallestCosine(background.projected, rows('background_Pz', object))).toBeGreaterThan(
        tolerance.cosine,
      );
      expect(smallestCosine(photo!, rows('whole_embed', object))).toBeGreaterThan(tolerance.cosine);
    }
  });

  it.each(files)('%s, with the target and its background in runs of their own', async (file, tolerance) => {
    const tower = await open(file, 64, true);
    const area = 3 * 64 * 64;
    for (const object of all) {
      const [target, background, whole] = [0, 1, 2].map((view) =>
        pixels(object).slice(view * area, (view + 1) * area),
      );
      const photo = await tower.runPhoto(Float32Array.from([...background, ...whole]));
      const { target: pass, query } = await tower.runTarget(target);
      const attention = crossAttention(query.values, photo.keys, query.headWidth, tokens, 1);
      expect(largestDifference(pass.attention, rows('beta_x', object))).toBeLessThan(tolerance.beta);
      expect(largestDifference(attention, rows('beta_bg', object))).toBeLessThan(tolerance.beta);
      expect(largestDifference(photo.tokens, rows('background_z', object))).toBeLessThan(tolerance.tokens);
      expect(smallestCosine(photo.projected, rows('background_Pz', object))).toBeGreaterThan(
        tolerance.cosine,
      );
      expect(smallestCosine(photo.blurred, rows('whole_embed', object))).toBeGreaterThan(tolerance.cosine);
      const hidden = Uint8Array.from({ length: tokens }, (_, token) => (token > 8 ? 1 : 0));
      const seen = crossAttention(query.values, photo.keys, query.headWidth, tokens, 1, hidden);
      expect(seen.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      expect(Math.max(...seen.subarray(9))).toBe(0);
    }
  });

  it.each([
    'clip-tiny/onnx/vision_model.onnx',
    'variants/dynamo23/vision_model.onnx',
    'clip-tiny/onnx/vision_model_fp16.onnx',
  ])('the head alone projects pooled tokens: %s', async (file) => {
    const tower = await open(file);
    const projected = await tower.project(oracle.tensor('target_z').data, objects * tokens);
    const tolerance = file.includes('fp16') ? 1e-2 : 2e-5;
    expect(largestDifference(projected, oracle.tensor('target_Pz').data)).toBeLessThan(tolerance);
  });

  it('gives an object the same numbers whether the photo runs beside it or not', async () => {
    const tower = await open('clip-tiny/onnx/vision_model.onnx');
    for (const object of all) {
      const beside = await tower.run(pixels(object));
      const without = await tower.run(pixels(object).subarray(0, 2 * 3 * 64 * 64));
      expect(without.photo).toBeNull();
      for (const view of ['target', 'background'] as const) {
        expect(largestDifference(beside[view].attention, without[view].attention)).toBeLessThan(1e-6);
        expect(largestDifference(beside[view].tokens, without[view].tokens)).toBeLessThan(1e-5);
      }
    }
  });

  it('refuses fused attention by its name, and says what to use instead', async () => {
    await expect(open('variants/fused/vision_model.onnx')).rejects.toThrow(
      /com\.microsoft::Attention.*before graph optimisation/,
    );
  });

  it('refuses another image size than its own', async () => {
    await expect(open('clip-tiny/onnx/vision_model.onnx', 32)).rejects.toThrow(
      /does not take images of 32 × 32 pixels.*preprocessor_config\.json/,
    );
  });

  it('refuses a file that is no image tower', async () => {
    await expect(open('clip-tiny/onnx/text_model.onnx')).rejects.toThrow('no output image_embeds');
    await expect(open('clip-tiny/config.json')).rejects.toThrow('not an ONNX model');
  });

  it('opens the embedded tower', async () => {
    const tower = await ImageTower.load(
      readFileSync(join(__dirname, '../../models/embedded/vision.onnx')),
      224,
      { threads: 1 },
    );
    opened.push(tower);
    expect(tower.facts).toEqual({
      layers: 3,
      tokens: 50,
      grid: [7, 7],
      width: 256,
      dimension: 512,
      mixesBatch: false,
    });
  });
});
