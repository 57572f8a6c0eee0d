import { describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../../test/fixtures/oracle';
import type { Box, RgbImage } from '../../pipeline/image';
import { resizeBicubic } from './bicubic';
import { PhotoViews, type TowerInput } from './photoViews';

const clip: Omit<TowerInput, 'imageSize'> = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};
/** The same bytes; far less than one level, which is 0.015. */
const rounding = 1e-5;

function picture(name: string): RgbImage {
  const { shape, bytes } = readOracle('processors').tensor(`${name}/rgb`);
  return { width: shape[1], height: shape[0], data: bytes };
}

/** Numbers in [0, 1), the same every time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

describe('the views of an object against a reference in Python', () => {
  const oracle = readOracle('clip-tiny');
  const of = (name: string, object: number): Float32Array => {
    const { data } = oracle.tensor(name);
    return data.slice((object * data.length) / 5, ((object + 1) * data.length) / 5);
  };
  it.each([
    ['scene_a', 0],
    ['scene_a', 1],
    ['scene_b', 2],
    ['portrait', 3],
    ['portrait', 4],
  ] as const)('%s, object %i', (name, object) => {
    const views = new PhotoViews(picture(name), { ...clip, imageSize: 64 });
    const [x0, y0, x1, y1] = of('boxes', object);
    const box = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
    const pixels = new Float32Array(3 * 64 * 64);
    views.target(box, 0, pixels, 0);
    expect(largestDifference(pixels, of('pixel_target', object))).toBeLessThan(rounding);
    views.background(box, pixels, 0);
    expect(largestDifference(pixels, of('pixel_background', object))).toBeLessThan(rounding);
  });
});

describe('a masked background', () => {
  it.each(['portrait', 'scene_a'])(
    'is what masking first and squashing then gives, for any box: %s',
    (name) => {
      const photo = picture(name);
      const random = sequence(7);
      const views = new PhotoViews(photo, { ...clip, imageSize: 48 });
      const pixels = new Float32Array(3 * 48 * 48);
      for (let trial = 0; trial < 40; trial++) {
        const box = {
          x: random() * photo.width - 5,
          y: random() * photo.height - 5,
          width: 1 + random() * photo.width,
          height: 1 + random() * photo.height,
        };
        views.background(box, pixels, 0);
        expect(largestDifference(pixels, maskedFirst(photo, box, 48))).toBe(0);
      }
    },
  );

  /** Every pixel the box touches, painted one by one, then squashed and normalised. */
  function maskedFirst(photo: RgbImage, box: Box, size: number): Float32Array {
    const data = photo.data.slice();
    for (let y = 0; y < photo.height; y++)
      for (let x = 0; x < photo.width; x++)
        if (x + 1 > box.x && x < box.x + box.width && y + 1 > box.y && y < box.y + box.height)
          data.set([123, 117, 104], (y * photo.width + x) * 3);
    const squashed = resizeBicubic({ ...photo, data }, size, size).data;
    return Float32Array.from({ length: 3 * size * size }, (_, at) => {
      const channel = Math.floor(at / size / size);
      const value = squashed[(at % (size * size)) * 3 + channel] / 255;
      return Math.fround((value - clip.mean[channel]) / clip.std[channel]);
    });
  }
});

describe('the blurred photo', () => {
  it('loses its detail and keeps its light', () => {
    const photo = picture('scene_a');
    const size = 64;
    const area = size * size;
    const views = new PhotoViews(photo, { ...clip, imageSize: size });
    const blurred = new Float32Array(3 * area);
    views.blurredPhoto(blurred, 0);
    const plain = resizeBicubic(photo, size, size).data;
    const red = Float32Array.from(
      { length: area },
      (_, at) => (plain[at * 3] / 255 - clip.mean[0]) / clip.std[0],
    );
    const variation = (values: Float32Array): number => {
      let sum = 0;
      for (let at = 1; at < area; at++) if (at % size) sum += Math.abs(values[at] - values[at - 1]);
      return sum;
    };
    const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / area;
    const blurredRed = blurred.subarray(0, area);
    expect(variation(blurredRed)).toBeLessThan(variation(red) / 2);
    expect(Math.abs(mean(blurredRed) - mean(red))).toBeLessThan(0.1);
  });
});
