import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largestDifference } from '../../test/fixtures/oracle';
import { plainProducts } from '../pipeline/matrixProducts';
import { MatrixLibrary } from './matrixLibrary';

const values = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, at) => Math.sin(seed + at * 0.37));
let library: MatrixLibrary;
beforeAll(async () => {
  library = await MatrixLibrary.open({ threads: 1 });
});
afterAll(() => library.dispose());

describe('large products', () => {
  it('are those of the pipeline', async () => {
    const [rows, columns, width] = [50, 700, 192];
    const [a, b] = [values(rows * width, 1), values(columns * width, 2)];
    const given = library.transposed(a, b, width);
    expect(given).toBeInstanceOf(Promise); // small enough would be the pipeline itself
    expect(largestDifference(await given, await plainProducts.transposed(a, b, width))).toBeLessThan(1e-4);
    const [weights, tokens] = [values(rows * columns, 3), values(rows * width, 4)];
    const pooled = library.pooled(weights, tokens, columns, width);
    expect(pooled).toBeInstanceOf(Promise);
    expect(
      largestDifference(await pooled, await plainProducts.pooled(weights, tokens, columns, width)),
    ).toBeLessThan(1e-4);
    const onto = values(columns * width, 5);
    expect(
      largestDifference(
        await library.pooled(weights, tokens, columns, width, onto),
        await plainProducts.pooled(weights, tokens, columns, width, onto),
      ),
    ).toBeLessThan(1e-4);
    expect(onto).toEqual(values(columns * width, 5));
  });
});
