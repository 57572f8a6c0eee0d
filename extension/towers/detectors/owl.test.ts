import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../../test/fixtures/oracle';
import { TextTokenizer } from '../tokenizer';
import { OwlDetector, owlDetections, queriesFor } from './owl';

const oracle = readOracle('owlv2-tiny');
const folder = join(__dirname, '../../../test/fixtures/models/owlv2-tiny');
const { queries, sizes_hw: sizes } = oracle.document as { queries: string[]; sizes_hw: [number, number][] };
const mean = [0.48145466, 0.4578275, 0.40821073] as const;
const std = [0.26862954, 0.26130258, 0.27577711] as const;
const input = { size: 96, resize: 'padToSquare', padValue: 0.5, mean, std } as const;
const opened: OwlDetector[] = [];
afterAll(() => Promise.all(opened.map((detector) => detector.dispose())));

async function open(file: string): Promise<OwlDetector> {
  const tokenizer = new TextTokenizer(readFileSync(join(folder, 'tokenizer.json')), 16);
  const detector = await OwlDetector.load(readFileSync(join(folder, file)), input, tokenizer, { threads: 1 });
  opened.push(detector);
  return detector;
}

/** The part of a tensor that belongs to an image. */
const of = (name: string, image: number): Float32Array => {
  const { data } = oracle.tensor(name);
  return data.slice((image * data.length) / 2, ((image + 1) * data.length) / 2);
};

describe('OWLv2 against the library in float64', () => {
  it.each([
    ['onnx/model.onnx', { logits: 5e-5, boxes: 1e-5 }],
    ['onnx/model_quantized.onnx', { logits: 0.4, boxes: 0.06 }],
  ])('%s', async (file, tolerance) => {
    const detector = await open(file);
    for (const image of [0, 1]) {
      const output = await detector.run(of('pixel_values', image), queries);
      expect(largestDifference(output.logits, of('logits', image))).toBeLessThan(tolerance.logits);
      expect(largestDifference(output.boxes, of('pred_boxes', image))).toBeLessThan(tolerance.boxes);
      expect(output.objectness).toBeNull();
    }
  });

  it.each([0.1, 0.05])('boxes at %d are those of its post-processing', (threshold) => {
    for (const image of [0, 1]) {
      const longest = Math.max(...sizes[image]);
      const output = { logits: of('logits', image), boxes: of('pred_boxes', image), objectness: null };
      const kept = owlDetections(output, { width: longest, height: longest }).filter(
        ({ score }) => score > threshold,
      );
      expect(kept).toHaveLength(oracle.tensor(`post_${threshold}/${image}/scores`).data.length);
      const corners = kept.flatMap(({ box }) => [box.x, box.y, box.x + box.width, box.y + box.height]);
      expect(largestDifference(corners, oracle.tensor(`post_${threshold}/${image}/boxes`).data)).toBeLessThan(
        1e-3,
      );
      expect(
        largestDifference(
          kept.map(({ score }) => score),
          oracle.tensor(`post_${threshold}/${image}/scores`).data,
        ),
      ).toBeLessThan(1e-5);
    }
  });
});

describe('an OWL detector', () => {
  it('finds things in a whole photo: in its pixels, certain first, none twice', async () => {
    const { shape, bytes } = readOracle('processors').tensor('scene_a/rgb');
    const photo = { width: shape[1], height: shape[0], data: bytes };
    const options = { scoreThreshold: 0.01, overlapThreshold: 0.5, maximumObjects: 5, minimumSide: 4 };
    const found = await (await open('onnx/model.onnx')).detect(photo, options, ['cat']);
    expect(found.length).toBeGreaterThan(1);
    for (const [at, { box, score }] of found.entries()) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(photo.width + 1e-6);
      expect(box.y + box.height).toBeLessThanOrEqual(photo.height + 1e-6);
      if (at > 0) expect(score).toBeLessThanOrEqual(found[at - 1].score);
    }
  });

  it('takes objectness where the export has it', () => {
    const output = {
      logits: Float32Array.of(-3, -2),
      boxes: Float32Array.of(0.5, 0.5, 0.2, 0.4, 0.5, 0.5, 1, 1),
      objectness: Float32Array.of(0, -4),
    };
    const found = owlDetections(output, { width: 100, height: 50 });
    expect(found.map(({ score }) => score)).toEqual([0.5, 1 / (1 + Math.exp(2))]);
    expect(found[0].box.x).toBeCloseTo(40);
    expect(found[0].box.y).toBeCloseTo(15);
    expect(found[0].box.width).toBeCloseTo(20);
    expect(found[0].box.height).toBeCloseTo(20);
  });

  it('asks for a class once, and for more than the known ones', () => {
    const asked = queriesFor(['Person', 'aeroplane']);
    expect(asked.slice(0, 3)).toEqual([
      'a photo of a person',
      'a photo of an aeroplane',
      'a photo of an object',
    ]);
    expect(asked.filter((text) => text === 'a photo of a person')).toHaveLength(1);
    expect(asked.length).toBeGreaterThan(60);
  });

  it('is refused where a file is none', async () => {
    const tower = readFileSync(join(folder, '../clip-tiny/onnx/vision_model.onnx'));
    const tokenizer = new TextTokenizer(readFileSync(join(folder, 'tokenizer.json')), 16);
    await expect(OwlDetector.load(tower, input, tokenizer, { threads: 1 })).rejects.toThrow(
      'no output logits',
    );
  });
});
