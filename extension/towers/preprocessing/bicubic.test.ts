import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../../test/fixtures/oracle';
import type { RgbImage } from '../../pipeline/image';
import { resizeBicubic } from './bicubic';

const oracle = readOracle('processors');

/** CLIP's processor: the shorter side to `size`, then the middle square. */
function clipPixels(image: RgbImage, size: number): Uint8Array {
  const { width, height } = image;
  const across = width <= height ? size : Math.trunc((size * width) / height);
  const down = width <= height ? Math.trunc((size * height) / width) : size;
  const { data } = resizeBicubic(image, across, down);
  const left = Math.floor((across - size) / 2);
  const top = Math.floor((down - size) / 2);
  const rows = Array.from({ length: size }, (_, y) => {
    const start = ((top + y) * across + left) * 3;
    return Array.from(data.subarray(start, start + size * 3));
  });
  return Uint8Array.from(rows.flat());
}

describe('bicubic resampling against Pillow', () => {
  const references = oracle.names.filter((name) => /\/clip\d+_u8$/.test(name));
  it.each(references)('%s', (name) => {
    const [picture, kind] = name.split('/');
    const { shape, bytes } = oracle.tensor(`${picture}/rgb`);
    const image = { width: shape[1], height: shape[0], data: bytes };
    const pixels = clipPixels(image, Number(/\d+/.exec(kind)![0]));
    expect(largestDifference(pixels, oracle.tensor(name).bytes)).toBe(0);
  });
});

describe('the order of the passes, which decides the rounding', () => {
  interface Picture {
    width: number;
    height: number;
    to: [number, number];
    rgb: string;
    resized: string;
  }
  const path = join(__dirname, '../../../test/fixtures/oracle/pillowOrder.json');
  const { pictures } = JSON.parse(readFileSync(path, 'utf8')) as { pictures: Picture[] };
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
  it.each(pictures)('is that of Pillow: $width × $height to $to', ({ width, height, to, rgb, resized }) => {
    const { data } = resizeBicubic({ width, height, data: bytes(rgb) }, ...to);
    expect(largestDifference(data, bytes(resized))).toBe(0);
  });
});
