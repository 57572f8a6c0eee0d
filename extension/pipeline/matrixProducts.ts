import { combinerResidual, type CombinerBranch } from './combiner';
import { pooledTokens } from './tokenWeights';
import { multiplyTransposed } from './vectors';

/**
 * The arithmetic that a long class list or a trained combiner makes expensive. The pipeline does it by itself; whoever has
 * a matrix library may give its own, which agrees but for rounding.
 */
export interface MatrixProducts {
  /** A·Bᵀ for A (rows × width) and B (columns × width): rows × columns. */
  transposed(a: Float32Array, b: Float32Array, width: number): Promise<Float32Array> | Float32Array;
  /** As `pooledTokens`. */
  pooled(
    weights: Float32Array,
    tokens: Float32Array,
    classes: number,
    width: number,
    onto?: Float32Array,
  ): Promise<Float32Array> | Float32Array;
  /** As `combinerResidual`. */
  residual(
    branch: CombinerBranch,
    weights: Float32Array,
    tokens: Float32Array,
    shape: { classes: number; width: number; grid: readonly [number, number] },
  ): Promise<Float32Array> | Float32Array;
}

export const plainProducts: MatrixProducts = {
  transposed: multiplyTransposed,
  pooled: pooledTokens,
  residual: combinerResidual,
};
