import { branchInputs } from './branchTokens';
import { branchResidual, parameterName, type NetworkSize } from './combinerNetwork';
import { parameterShapes, type BranchName, type CombinerShape } from './combinerParameters';
import type { DifferentiableGraph, Value } from './differentiableGraph';
import type { LinearHead } from './linearHead';

/** What stays fixed while a combiner is tuned. */
export interface FrozenModel {
  shape: CombinerShape;
  grid: readonly [number, number];
  head: LinearHead;
  /** R, Dv × Dv; null: identity. */
  tokenMap: Float32Array | null;
  /** 1 - λ: the share of the pooled tokens. */
  pooledShare: number;
  /** Whether the background branch takes part. */
  background: boolean;
  /** Whether the CNN takes part; without it the MLP sees [CLS] alone. */
  convolutions: boolean;
}

/** Names of the inputs of a run besides the parameters. */
export const inputNames = {
  /** [B, K, Dv]: the representation without the combiner. */
  base: 'base',
  /** [B, 1, 1]: γ, zero for an object without a background. */
  gain: 'gain',
  /** [1, K, D]: unit texts of the classes. */
  texts: 'texts',
} as const;

/**
 * Adds Ω of B objects against K classes, [B, K], as a function of the combiner's parameters:
 * Ω = cos(P(base + (1-λ) R δ_x + γ δ_(x)), M(t_c)).
 *
 * @returns Ω and the parameters it depends on.
 */
export function alignmentNetwork(
  graph: DifferentiableGraph,
  model: FrozenModel,
  objects: number,
  classes: number,
): { omega: Value; parameters: Map<string, Value> } {
  const { shape, grid, head } = model;
  const { width } = shape;
  const pairs = objects * classes;
  const size: NetworkSize = { objects, classes, grid };
  const parameters = new Map<string, Value>();
  for (const [name, sides] of usedParameters(model)) parameters.set(name, graph.parameter(name, sides));
  const residual = (branch: BranchName): Value =>
    branchResidual(
      graph,
      (tensor) => parameters.get(parameterName(branch, tensor))!,
      branchInputs(graph, `${branch}.`, size, width),
      shape,
      size,
      model.convolutions,
    );
  let added = residual('target');
  if (model.tokenMap)
    added = graph.matMul(added, graph.transpose(graph.constant(model.tokenMap, [width, width]), [1, 0]));
  if (model.pooledShare !== 1) added = graph.scale(added, model.pooledShare);
  let tokens = graph.add(graph.input(inputNames.base, [objects, classes, width]), inPairs(added));
  if (model.background) {
    const gain = graph.input(inputNames.gain, [objects, 1, 1]);
    tokens = graph.add(tokens, graph.multiply(gain, inPairs(residual('background'))));
  }
  const images = projected(graph, graph.reshape(tokens, [pairs, width]), head);
  const texts = graph.input(inputNames.texts, [1, classes, head.dimension]);
  const similarity = graph.sum(
    graph.multiply(graph.reshape(images, [objects, classes, head.dimension]), texts),
    [2],
  );
  const length = graph.reshape(graph.sum(graph.multiply(images, images), [1]), [objects, classes, 1]);
  const omega = graph.multiply(similarity, graph.inverseSquareRoot(length));
  return { omega: graph.reshape(omega, [objects, classes]), parameters };

  function inPairs(value: Value): Value {
    return graph.reshape(value, [objects, classes, width]);
  }
}

/** The parameters that have a part in Ω, with their shapes. */
export function usedParameters({ shape, background, convolutions }: FrozenModel): [string, number[]][] {
  return [...parameterShapes(shape)].filter(
    ([name]) => (background || !name.startsWith('background.')) && (convolutions || !name.includes('.conv')),
  );
}

/** P: layer normalisation without its affine part, then A and its offset. */
function projected(
  graph: DifferentiableGraph,
  tokens: Value,
  { matrix, offset, dimension, epsilon }: LinearHead,
): Value {
  const width = tokens.shape[1];
  const mean = graph.scale(graph.sum(tokens, [1]), 1 / width);
  const centred = graph.add(tokens, graph.scale(mean, -1));
  const variance = graph.scale(graph.sum(graph.multiply(centred, centred), [1]), 1 / width);
  const spread = graph.add(variance, graph.constant(new Float32Array([epsilon]), [1, 1]));
  const normalised = graph.multiply(centred, graph.inverseSquareRoot(spread));
  const transposed = graph.transpose(graph.constant(matrix, [dimension, width]), [1, 0]);
  return graph.add(graph.matMul(normalised, transposed), graph.constant(offset, [1, dimension]));
}
