import type { CombinerBranch, TrainedCombiner } from './combiner';
import type { ReadoutConfiguration } from './configuration';
import { plainProducts, type MatrixProducts } from './matrixProducts';
import { mapTokens, type TokenMap } from './tokenMap';

/** The fitted tensors of a bundle's readout; null where it has none. */
export interface Readout {
  tokenMap: TokenMap | null;
  /** m, the mean of attention-pooled background tokens, Dv. */
  meanBackground: Float32Array | null;
}

/** The tokens of one branch and their weights. */
export interface WeightedTokens {
  /** a, tokens × C. */
  weights: Float32Array;
  /** z, tokens × Dv. */
  tokens: Float32Array;
}

export interface RepresentationShape {
  classes: number;
  width: number;
  grid: readonly [number, number];
}

/**
 * The candidate-conditional representation of an object for every class, before post-layernorm and projection, C × Dv:
 *
 *   z(c) = (1-λ)·R(z_x(c)) + λ z_0 + γ·(z_(x)(c) - m)
 *
 * with z_x(c) = Σ a_i z_i + δ_x(c) of the target and z_(x)(c) alike of the background, δ from the trained combiner.
 * R = identity, λ = 0, m = 0, γ = 1 is the paper's form. Without a background its term is left out.
 */
export async function objectRepresentations(
  target: WeightedTokens,
  background: WeightedTokens | null,
  shape: RepresentationShape,
  configuration: ReadoutConfiguration,
  readout: Readout,
  combiner: TrainedCombiner | null,
  products: MatrixProducts = plainProducts,
): Promise<Float32Array> {
  const { classes, width } = shape;
  const pooled = await branchTokens(target, combiner?.target ?? null, shape, products);
  const result =
    configuration.tokenMap && readout.tokenMap ? await mapTokens(readout.tokenMap, pooled, products) : pooled;
  const share = configuration.clsShare;
  if (share > 0)
    for (let c = 0; c < classes; c++)
      for (let k = 0; k < width; k++)
        result[c * width + k] = (1 - share) * result[c * width + k] + share * target.tokens[k];
  if (background && configuration.backgroundGain > 0)
    await addBackground(result, background, shape, configuration, readout, combiner, products);
  return result;
}

async function addBackground(
  result: Float32Array,
  background: WeightedTokens,
  shape: RepresentationShape,
  configuration: ReadoutConfiguration,
  readout: Readout,
  combiner: TrainedCombiner | null,
  products: MatrixProducts,
): Promise<void> {
  const pooled = await branchTokens(background, combiner?.background ?? null, shape, products);
  const mean = configuration.centreBackground ? readout.meanBackground : null;
  for (let at = 0; at < result.length; at++)
    result[at] += configuration.backgroundGain * (pooled[at] - (mean ? mean[at % shape.width] : 0));
}

async function branchTokens(
  { weights, tokens }: WeightedTokens,
  branch: CombinerBranch | null,
  shape: RepresentationShape,
  products: MatrixProducts,
): Promise<Float32Array> {
  const pooled = await products.pooled(weights, tokens, shape.classes, shape.width);
  if (!branch) return pooled;
  const residual = await products.residual(branch, weights, tokens, shape);
  for (let at = 0; at < pooled.length; at++) pooled[at] += residual[at];
  return pooled;
}
