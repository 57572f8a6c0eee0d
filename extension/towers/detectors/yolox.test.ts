import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementType, encodeModel, type TensorProto } from '../../onnx/modelProto';
import { YoloxDetector, letterboxed, yoloxDetections } from './yolox';

const side = 32;
const cells = 16 + 4 + 1;
/** x, y, w, h, objectness and two classes. */
const values = 7;

const floats = (name: string, dims: number[], data: Float32Array): TensorProto => ({
  name,
  dims,
  dataType: elementType.float,
  rawData: new Uint8Array(data.buffer),
});
const integers = (name: string, list: number[]): TensorProto => ({
  name,
  dims: [list.length],
  dataType: elementType.int64,
  rawData: new Uint8Array(BigInt64Array.from(list, BigInt).buffer),
});

/** A model whose output is constant, but for the objectness of one cell: the first value of its input, over 255. */
function yoloxModel(cell: number, place: number[]): Uint8Array {
  const constant = new Float32Array(cells * values);
  constant.set([...place, 0, 0.25, 0.5], cell * values);
  const lit = new Float32Array(cells * values);
  lit[cell * values + 4] = 1 / 255;
  return encodeModel({
    irVersion: 8,
    opsetImport: [{ version: 13 }],
    graph: {
      name: 'yolox',
      node: [
        { opType: 'Slice', input: ['images', 'starts', 'ends'], output: ['corner'], attribute: [] },
        { opType: 'Reshape', input: ['corner', 'shape'], output: ['value'], attribute: [] },
        { opType: 'Mul', input: ['value', 'lit'], output: ['objectness'], attribute: [] },
        { opType: 'Add', input: ['objectness', 'constant'], output: ['output'], attribute: [] },
      ],
      initializer: [
        integers('starts', [0, 0, 0, 0]),
        integers('ends', [1, 1, 1, 1]),
        integers('shape', [1, 1, 1]),
        floats('lit', [1, cells, values], lit),
        floats('constant', [1, cells, values], constant),
      ],
      input: [{ name: 'images', type: { tensorType: { elemType: elementType.float } } }],
      output: [{ name: 'output', type: { tensorType: { elemType: elementType.float } } }],
    },
  });
}

describe('YOLOX', () => {
  it('gives boxes of every grid in pixels of the input', () => {
    const output = new Float32Array(cells * values);
    // Cell (row 1, column 2) of the finest grid, and the only one of the coarsest.
    output.set([0.5, 0.25, Math.log(2), 0, 0.8, 0.1, 0.5], 6 * values);
    output.set([0.5, 0.5, 0, 0, 1, 0.25, 0], 20 * values);
    const found = yoloxDetections(output, side);
    expect(found).toHaveLength(cells);
    expect(found[6].box.x).toBeCloseTo(2.5 * 8 - 8);
    expect(found[6].box.y).toBeCloseTo(1.25 * 8 - 4);
    expect(found[6].box.width).toBeCloseTo(16);
    expect(found[6].box.height).toBeCloseTo(8);
    expect(found[6].score).toBeCloseTo(0.4);
    expect(found[20]).toEqual({ box: { x: 0, y: 0, width: 32, height: 32 }, score: 0.25 });
  });

  it('takes objectness alone where there is no class', () => {
    const output = new Float32Array(cells * 5);
    output[4] = 0.75;
    expect(yoloxDetections(output, side)[0].score).toBe(0.75);
  });

  it('sees the photo at the top left, blue first, and grey beside it', () => {
    const photo = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 50, 60, 70) };
    const pixels = letterboxed(photo, 4, 2);
    // Two pixels become four, interpolated between their centres: 10, 20, 40, 50.
    expect(Array.from(pixels.subarray(32, 36))).toEqual([10, 20, 40, 50]);
    expect(Array.from(pixels.subarray(0, 4))).toEqual([30, 40, 60, 70]);
    expect(Array.from(pixels.subarray(8, 12))).toEqual([114, 114, 114, 114]);
    const upright = letterboxed({ ...photo, width: 1, height: 2 }, 4, 2);
    expect([0, 4, 8, 12].map((at) => upright[32 + at])).toEqual([10, 20, 40, 50]);
    expect(Array.from(upright.subarray(32 + 2, 32 + 4))).toEqual([114, 114]);
  });

  it('cannot be read at another size, or with other grids', () => {
    const output = new Float32Array(cells * values);
    expect(() => yoloxDetections(output, 64)).toThrow('not that of a YOLOX');
    expect(() => yoloxDetections(output, side / 2)).toThrow('not that of a YOLOX');
    expect(() => yoloxDetections(new Float32Array(cells * 4), side)).toThrow('not that of a YOLOX');
  });
});

describe('a YOLOX detector', () => {
  const options = { scoreThreshold: 0.3, overlapThreshold: 0.5, maximumObjects: 5, minimumSide: 4 };

  it('gives boxes in pixels of the photo', async () => {
    // Row 1, column 2 of the finest grid: centre (20, 10), 16 × 8 pixels of the input; the photo is twice as large.
    const detector = await YoloxDetector.load(yoloxModel(6, [0.5, 0.25, Math.log(2), 0]), side, {
      threads: 1,
    });
    const data = Uint8Array.from({ length: 64 * 48 * 3 }, (_, at) => [10, 20, 204][at % 3]);
    const found = await detector.detect({ width: 64, height: 48, data }, options);
    await detector.dispose();
    expect(found).toHaveLength(1);
    expect(found[0].box.x).toBeCloseTo(24);
    expect(found[0].box.y).toBeCloseTo(12);
    expect(found[0].box.width).toBeCloseTo(32);
    expect(found[0].box.height).toBeCloseTo(16);
    expect(found[0].score).toBeCloseTo((204 / 255) * 0.5); // blue leads
  });

  it('is refused where a file is none, or is for another size', async () => {
    const open = (model: Uint8Array, size: number): Promise<YoloxDetector> =>
      YoloxDetector.load(model, size, { threads: 1 });
    const models = join(__dirname, '../../../test/fixtures/models');
    const tower = readFileSync(join(models, 'clip-tiny/onnx/vision_model.onnx'));
    await expect(open(tower, 64)).rejects.toThrow('not that of a YOLOX');
    await expect(open(tower, 32)).rejects.toThrow('does not take an image of 32 × 32');
    await expect(open(yoloxModel(0, [0, 0, 0, 0]), 64)).rejects.toThrow('not that of a YOLOX');
    await expect(open(readFileSync(join(models, 'owlv2-tiny/onnx/model.onnx')), side)).rejects.toThrow(
      'one input and one output',
    );
    await expect(open(yoloxModel(6, [20, 10, 16, 8]), side)).rejects.toThrow('decoded inside the model');
  });
});
