import { describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../../test/fixtures/oracle';
import { squashedSquare } from './squashedSquare';

const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
} as const;

/** The same bytes; far less than one level, which is 0.015. */
const rounding = 1e-5;

describe('a whole photo squashed, against Pillow', () => {
  // The photos of the oracle's five objects.
  it.each([
    ['scene_a', 0],
    ['scene_b', 2],
    ['portrait', 3],
  ] as const)('%s', (name, object) => {
    const { shape, bytes } = readOracle('processors').tensor(`${name}/rgb`);
    const { data } = readOracle('clip-tiny').tensor('pixel_whole');
    const photo = { width: shape[1], height: shape[0], data: bytes };
    const expected = data.slice(object * 3 * 64 * 64, (object + 1) * 3 * 64 * 64);
    expect(largestDifference(squashedSquare(photo, { size: 64, ...clip }), expected)).toBeLessThan(rounding);
  });
});
