import { describe, expect, it } from 'vitest';
import { letterboxed, yoloxDetections } from './yolox';

describe('YOLOX', () => {
  it('gives boxes of every grid in pixels of the input', () => {
    const size = 32;
    const cells = 16 + 4 + 1;
    const output = new Float32Array(cells * 7);
    // Cell (row 1, column 2) of the finest grid, and the only one of the coarsest.
    output.set([0.5, 0.25, Math.log(2), 0, 0.8, 0.1, 0.5], 6 * 7);
    output.set([0.5, 0.5, 0, 0, 1, 0.25, 0], 20 * 7);
    const found = yoloxDetections(output, size);
    expect(found).toHaveLength(cells);
    expect(found[6].box.x).toBeCloseTo(2.5 * 8 - 8);
    expect(found[6].box.y).toBeCloseTo(1.25 * 8 - 4);
    expect(found[6].box.width).toBeCloseTo(16);
    expect(found[6].box.height).toBeCloseTo(8);
    expect(found[6].score).toBeCloseTo(0.4);
    expect(found[20]).toEqual({ box: { x: 0, y: 0, width: 32, height: 32 }, score: 0.25 });
  });

  it('takes objectness alone where there is no class', () => {
    const output = new Float32Array(21 * 5);
    output[4] = 0.75;
    expect(yoloxDetections(output, 32)[0].score).toBe(0.75);
  });

  it('sees the photo at the top left, blue first, and grey beside it', () => {
    const photo = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 50, 60, 70) };
    const pixels = letterboxed(photo, 4, 2);
    // Two pixels become four, interpolated between their centres: 10, 20, 40, 50.
    expect(Array.from(pixels.subarray(32, 36))).toEqual([10, 20, 40, 50]);
    expect(Array.from(pixels.subarray(0, 4))).toEqual([30, 40, 60, 70]);
    expect(Array.from(pixels.subarray(8, 12))).toEqual([114, 114, 114, 114]);
  });
});
