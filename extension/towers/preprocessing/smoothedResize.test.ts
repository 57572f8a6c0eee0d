import { describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../../test/fixtures/oracle';
import { smoothedSquare } from './smoothedResize';

const oracle = readOracle('processors');
const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
} as const;

describe('the input of OWLv2, against the original in Python', () => {
  it.each(oracle.names.filter((name) => /\/owl\d+_pad/.test(name)))('%s', (name) => {
    const [, picture, size, padValue] = /^(.*)\/owl(\d+)_pad([\d.]+)$/.exec(name)!;
    const { shape, bytes } = oracle.tensor(`${picture}/rgb`);
    const pixels = smoothedSquare(
      { width: shape[1], height: shape[0], data: bytes },
      { size: Number(size), padValue: Number(padValue), ...clip },
    );
    expect(largestDifference(pixels, oracle.tensor(name).data)).toBeLessThan(1e-4);
  });
});
