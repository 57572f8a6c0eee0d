import { describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../test/fixtures/oracle';
import { interTextAttention } from '../pipeline/interTextAttention';
import { interTextAttentionOfMany } from './longClassList';

/** q and k as layers, heads and prompts lie in the oracle: prompts × layers × heads × headWidth. */
const oracle = readOracle('clip-tiny');
const options = { threads: 1 };

describe('inter-text attention of a long class list', () => {
  it('is that of the reference', async () => {
    const { shape, data: query } = oracle.tensor('text_q_eot');
    const headWidth = shape[3];
    const table = await interTextAttentionOfMany(
      {
        query,
        key: oracle.tensor('text_k_eot').data,
        prompts: shape[0],
        headWidth,
        scale: 1 / Math.sqrt(headWidth),
      },
      options,
    );
    expect(largestDifference(table, oracle.tensor('text_w').data)).toBeLessThan(1e-6);
  });

  it('is the same in several runs as in one', async () => {
    const prompts = 1500; // 7 heads share a run
    const [heads, headWidth] = [9, 4];
    const values = (seed: number): Float32Array =>
      Float32Array.from({ length: prompts * heads * headWidth }, (_, at) => 3 * Math.sin(seed + at * 0.7));
    const taps = { query: values(1), key: values(2), prompts, headWidth, scale: 0.5 };
    const table = await interTextAttentionOfMany(taps, options);
    expect(largestDifference(table, interTextAttention(taps))).toBeLessThan(1e-6);
  });
});
