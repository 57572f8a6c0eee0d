import { describe, expect, it } from 'vitest';
import { largestDifference } from '../../test/fixtures/oracle';
import { fitTokenMap, mapTokens } from './tokenMap';

/** Numbers in [-1, 1) by a linear congruence, so that the fit has something uneven to work on. */
function uneven(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * (1 + (state % 3));
  });
}

const width = 6;
const samples = 200;

describe('the token map', () => {
  it('finds an affine map again when the ridge is nothing', async () => {
    const inputs = uneven(samples * width, 1);
    const truth = { matrix: uneven(width * width, 2), offset: uneven(width, 3) };
    const fitted = fitTokenMap(inputs, await mapTokens(truth, inputs), width, 0);
    expect(largestDifference(fitted.matrix, truth.matrix)).toBeLessThan(1e-4);
    expect(largestDifference(fitted.offset, truth.offset)).toBeLessThan(1e-4);
  });

  it('satisfies the normal equations of the ridge', async () => {
    const inputs = uneven(samples * width, 4);
    const targets = uneven(samples * width, 5);
    const { matrix, offset } = fitTokenMap(inputs, targets, width);
    const mean = (values: Float32Array, k: number) =>
      values.reduce((sum, value, at) => (at % width === k ? sum + value : sum), 0) / samples;
    const inputMeans = Array.from({ length: width }, (_, k) => mean(inputs, k));
    const targetMeans = Array.from({ length: width }, (_, k) => mean(targets, k));
    let trace = 0;
    for (let at = 0; at < inputs.length; at++) trace += (inputs[at] - inputMeans[at % width]) ** 2;
    const ridge = (0.3 * trace) / width;
    // The gradient of Σ|A(x - x̄) - (y - ȳ)|² + r|A|² is zero in every entry of A.
    for (let out = 0; out < width; out++)
      for (let j = 0; j < width; j++) {
        let gradient = ridge * matrix[out * width + j];
        for (let sample = 0; sample < samples; sample++) {
          let predicted = 0;
          for (let k = 0; k < width; k++)
            predicted += matrix[out * width + k] * (inputs[sample * width + k] - inputMeans[k]);
          const error = predicted - (targets[sample * width + out] - targetMeans[out]);
          gradient += error * (inputs[sample * width + j] - inputMeans[j]);
        }
        expect(Math.abs(gradient)).toBeLessThan(1e-3);
      }
    const mapped = await mapTokens({ matrix, offset }, Float32Array.from(inputMeans));
    expect(largestDifference(mapped, targetMeans)).toBeLessThan(1e-5);
  });

  it('refuses samples that say nothing', () => {
    expect(() => fitTokenMap(new Float32Array(width), new Float32Array(width), width)).toThrow('two samples');
    expect(() => fitTokenMap(new Float32Array(2 * width), new Float32Array(2 * width), width)).toThrow(
      'the same',
    );
  });
});
