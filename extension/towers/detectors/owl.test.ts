import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../../test/fixtures/oracle';
import type { RgbImage } from '../../pipeline/image';
import { squashedSquare } from '../preprocessing/squashedSquare';
import { TextTokenizer } from '../tokenizer';
import { intersectionOverUnion } from './nonMaximumSuppression';
import { OwlDetector, owlDetections, queriesFor, queryTokens } from './owl';

const oracle = readOracle('owlv2-tiny');
const folder = join(__dirname, '../../../test/fixtures/models/owlv2-tiny');
const { queries, sizes_hw: sizes } = oracle.document as { queries: string[]; sizes_hw: [number, number][] };
const mean = [0.48145466, 0.4578275, 0.40821073] as const;
const std = [0.26862954, 0.26130258, 0.27577711] as const;
const input = { size: 96, resize: 'padToSquare', padValue: 0.5, mean, std } as const;
const readTokenizer = (): TextTokenizer =>
  new TextTokenizer(readFileSync(join(folder, 'tokenizer.json')), 16);
const opened: OwlDetector[] = [];
afterAll(() => Promise.all(opened.map((detector) => detector.dispose())));

async function open(file: string, resize: 'padToSquare' | 'squash' = input.resize): Promise<OwlDetector> {
  const model = readFileSync(join(folder, file));
  const detector = await OwlDetector.load(model, { ...input, resize }, readTokenizer(), { threads: 1 });
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

/** Corners in pixels of boxes (cx, cy, w, h) given as shares, cut at the photo; those beside the photo are left out. */
function cutCorners(boxes: Float32Array, across: number, down: number, photo: RgbImage): number[][] {
  const corners = Array.from({ length: boxes.length / 4 }, (_, at) => {
    const [cx, cy, w, h] = boxes.subarray(4 * at, 4 * at + 4);
    return [
      Math.max((cx - w / 2) * across, 0),
      Math.max((cy - h / 2) * down, 0),
      Math.min((cx + w / 2) * across, photo.width),
      Math.min((cy + h / 2) * down, photo.height),
    ];
  });
  return corners.filter(([left, top, right, bottom]) => right >= left && bottom >= top);
}

/** All numbers, in an order that does not depend on the scores. */
const byPlace = (corners: number[][]): number[] =>
  [...corners].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]).flat();

describe('the queries', () => {
  it('are the tokens that the library gives, padded with 0 and masked there', () => {
    const { ids, mask } = queryTokens(readTokenizer(), queries);
    expect(Array.from(ids, Number)).toEqual(Array.from(oracle.tensor('input_ids').data));
    expect(Array.from(mask, Number)).toEqual(Array.from(oracle.tensor('attention_mask').data));
  });

  it('are cut at the context length and end in the end token', () => {
    const tokenizer = readTokenizer();
    const end = BigInt(tokenizer.encode('').ids.at(-1)!);
    const { ids, mask } = queryTokens(tokenizer, [Array(30).fill('cat').join(' '), 'cat']);
    expect(ids).toHaveLength(32);
    expect(ids[15]).toBe(end);
    expect(ids.subarray(0, 15)).not.toContain(end);
    expect(mask.subarray(0, 16)).not.toContain(0n);
    expect(mask.subarray(16)).toContain(0n);
  });
});

const photoOf = (name: string): RgbImage => {
  const { shape, bytes } = readOracle('processors').tensor(`${name}/rgb`);
  return { width: shape[1], height: shape[0], data: bytes };
};

describe('an OWL detector', () => {
  const everything = { scoreThreshold: 0, overlapThreshold: 1, maximumObjects: 100, minimumSide: 0 };

  // The boxes do not depend on the queries.
  it.each([
    ['scene_a', 0],
    ['portrait', 1],
  ] as const)(
    'boxes a whole photo as the library does, in its pixels, cut at it: %s',
    async (name, image) => {
      const photo = photoOf(name);
      const found = await (await open('onnx/model.onnx')).detect(photo, everything, ['cat']);
      const longest = Math.max(photo.width, photo.height);
      const expected = cutCorners(of('pred_boxes', image), longest, longest, photo);
      const actual = found.map(({ box: { x, y, width, height } }) => [x, y, x + width, y + height]);
      expect(largestDifference(byPlace(actual), byPlace(expected))).toBeLessThan(0.01);
    },
  );

  it('keeps what is certain first, and nothing twice', async () => {
    const options = { scoreThreshold: 0.01, overlapThreshold: 0.5, maximumObjects: 5, minimumSide: 4 };
    const found = await (await open('onnx/model.onnx')).detect(photoOf('scene_a'), options, ['cat']);
    expect(found.length).toBeGreaterThan(1);
    const scores = found.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const [at, { box }] of found.entries())
      for (const other of found.slice(at + 1))
        expect(intersectionOverUnion(box, other.box)).toBeLessThanOrEqual(0.5);
  });

  it('squashes for OWL-ViT: boxes are shares of width and height', async () => {
    const photo = photoOf('portrait');
    const detector = await open('onnx/model.onnx', 'squash');
    const found = await detector.detect(photo, everything, ['cat']);
    const { boxes } = await detector.run(squashedSquare(photo, input), queriesFor(['cat']));
    const expected = cutCorners(boxes, photo.width, photo.height, photo);
    const actual = found.map(({ box: { x, y, width, height } }) => [x, y, x + width, y + height]);
    expect(largestDifference(byPlace(actual), byPlace(expected))).toBeLessThan(1e-3);
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
    await expect(OwlDetector.load(tower, input, readTokenizer(), { threads: 1 })).rejects.toThrow(
      'no output logits',
    );
  });
});
