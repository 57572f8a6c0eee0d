import { pooledTokens } from './tokenWeights';
import { multiplyTransposed } from './vectors';

/**
 * The two products that a long class list makes expensive. The pipeline multiplies by itself; whoever has a matrix library
 * may give its own, which agree but for rounding.
 */
export interface MatrixProducts {
  /** A·Bᵀ for A (rows × width) and B (columns × width): rows × columns. */
  transposed(a: Float32Array, b: Float32Array, width: number): Promise<Float32Array> | Float32Array;
  /** Σ_i a_i(c) z_i, from a (tokens × classes) and z (tokens × width): classes × width. */
  pooled(
    weights: Float32Array,
    tokens: Float32Array,
    classes: number,
    width: number,
  ): Promise<Float32Array> | Float32Array;
}

export const plainProducts: MatrixProducts = { transposed: multiplyTransposed, pooled: pooledTokens };
