import { combinerResidual, type CombinerBranch, type TrainedCombiner } from './combiner';
import type { ReadoutConfiguration } from './configuration';
import { mapTokens, type TokenMap } from './tokenMap';
import { pooledTokens } from './tokenWeights';

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
export function objectRepresentations(
  target: WeightedTokens,
  background: WeightedTokens | null,
  shape: RepresentationShape,
  configuration: ReadoutConfiguration,
  readout: Readout,
  combiner: TrainedCombiner | null,
): Float32Array {
  const { classes, width } = shape;
  const pooled = branchTokens(target, combiner?.target ?? null, shape);
  const result = configuration.tokenMap && readout.tokenMap ? mapTokens(readout.tokenMap, pooled) : pooled;
  const share = configuration.clsShare;
  if (share > 0)
    for (let c = 0; c < classes; c++)
      for (let k = 0; k < width; k++)
        result[c * width + k] = (1 - share) * result[c * width + k] + share * target.tokens[k];
  if (background && configuration.backgroundGain > 0)
    addBackground(result, background, shape, configuration, readout, combiner);
  return result;
}

function addBackground(
  result: Float32Array,
  background: WeightedTokens,
  shape: RepresentationShape,
  configuration: ReadoutConfiguration,
  readout: Readout,
  combiner: TrainedCombiner | null,
): void {
  const pooled = branchTokens(background, combiner?.background ?? null, shape);
  const mean = configuration.centreBackground ? readout.meanBackground : null;
  for (let at = 0; at < result.length; at++)
    result[at] += configuration.backgroundGain * (pooled[at] - (mean ? mean[at % shape.width] : 0));
}

function branchTokens(
  { weights, tokens }: WeightedTokens,
  branch: CombinerBranch | null,
  shape: RepresentationShape,
): Float32Array {
  const pooled = pooledTokens(weights, tokens, shape.classes, shape.width);
  if (!branch) return pooled;
  const residual = combinerResidual(branch, weights, tokens, shape.classes, shape.width, shape.grid);
  for (let at = 0; at < pooled.length; at++) pooled[at] += residual[at];
  return pooled;
}
