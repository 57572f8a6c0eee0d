import { addsNothing, type CombinerBranch, type TrainedCombiner } from './combiner';
import type { ReadoutConfiguration } from './configuration';
import { plainProducts, type MatrixProducts } from './matrixProducts';
import { mapTokens, type TokenMap } from './tokenMap';

/** The fitted tensors of a bundle's readout; null where it has none. */
export interface Readout {
  tokenMap: TokenMap | null;
  /** m, the mean of attention-pooled background tokens, Dv. */
  meanBackground: Float32Array | null;
  /** Trained for any class list, with the towers. */
  genericCombiner: TrainedCombiner | null;
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
  const pooled = await targetTokens(target, combiner?.target ?? null, shape, products);
  const result =
    configuration.tokenMap && readout.tokenMap ? await mapTokens(readout.tokenMap, pooled, products) : pooled;
  const share = configuration.clsShare;
  if (share > 0)
    for (let c = 0; c < classes; c++)
      for (let k = 0; k < width; k++)
        result[c * width + k] = (1 - share) * result[c * width + k] + share * target.tokens[k];
  if (!background || configuration.backgroundGain === 0) return result;
  return withBackground(result, background, shape, configuration, readout, combiner, products);
}

/** Adds γ·(z_(x)(c) - m). */
async function withBackground(
  target: Float32Array,
  { weights, tokens }: WeightedTokens,
  shape: RepresentationShape,
  { backgroundGain: gain, centreBackground }: ReadoutConfiguration,
  { meanBackground }: Readout,
  combiner: TrainedCombiner | null,
  products: MatrixProducts,
): Promise<Float32Array> {
  const { classes, width } = shape;
  const scaled = weights.map((weight) => gain * weight);
  const result = await products.pooled(scaled, tokens, classes, width, target);
  const branch = combiner && !addsNothing(combiner.background) ? combiner.background : null;
  const residual = branch && (await products.residual(branch, weights, tokens, shape));
  const mean = centreBackground ? meanBackground : null;
  if (!residual && !mean) return result;
  for (let start = 0; start < result.length; start += width)
    for (let k = 0; k < width; k++)
      result[start + k] += gain * ((residual ? residual[start + k] : 0) - (mean ? mean[k] : 0));
  return result;
}

async function targetTokens(
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
