import { backgroundFromTexts, backgroundTextShapes, trainedTexts } from './backgroundTextNetwork';
import { branchInputs, tokenInputs } from './branchTokens';
import { branchResidual, parameterName, type BranchInputs, type NetworkSize } from './combinerNetwork';
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
  /** Set where the background text is trained as well; m is then subtracted here, null: zero. */
  trainedText: { meanBackground: Float32Array | null } | null;
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
  const residual = (branch: BranchName, inputs: BranchInputs): Value =>
    branchResidual(
      graph,
      (tensor) => parameters.get(parameterName(branch, tensor))!,
      inputs,
      shape,
      size,
      model.convolutions,
    );
  let added = residual('target', branchInputs(graph, 'target.', size, width));
  if (model.tokenMap)
    added = graph.matMul(added, graph.transpose(graph.constant(model.tokenMap, [width, width]), [1, 0]));
  if (model.pooledShare !== 1) added = graph.scale(added, model.pooledShare);
  let tokens = graph.add(graph.input(inputNames.base, [objects, classes, width]), inPairs(added));
  if (model.background) {
    const gain = graph.input(inputNames.gain, [objects, 1, 1]);
    tokens = graph.add(tokens, graph.multiply(gain, background(model.trainedText)));
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

  /** What the background adds to the base for γ = 1, [B, K, Dv]. */
  function background(trainedText: FrozenModel['trainedText']): Value {
    const prefix = 'background.';
    if (!trainedText) return inPairs(residual('background', branchInputs(graph, prefix, size, width)));
    const learned = trainedTexts(graph, (name) => parameters.get(name)!, classes, head.dimension);
    const tokens = tokenInputs(graph, prefix, size, width);
    const { inputs, pooled } = backgroundFromTexts(graph, learned, tokens, size);
    const { meanBackground } = trainedText;
    const centred = meanBackground
      ? graph.add(
          pooled,
          graph.constant(
            meanBackground.map((value) => -value),
            [1, 1, width],
          ),
        )
      : pooled;
    return graph.add(centred, inPairs(residual('background', inputs)));
  }

  function inPairs(value: Value): Value {
    return graph.reshape(value, [objects, classes, width]);
  }
}

/** The parameters that have a part in Ω, with their shapes. */
export function usedParameters(model: FrozenModel): [string, number[]][] {
  const { background, convolutions } = model;
  return [...modelParameters(model)].filter(
    ([name]) => (background || !name.startsWith('background')) && (convolutions || !name.includes('.conv')),
  );
}

/** All parameters that are tuned with a model, with their shapes. */
export function modelParameters({ shape, head, trainedText }: FrozenModel): Map<string, number[]> {
  const text = trainedText ? backgroundTextShapes(head.dimension) : [];
  return new Map([...parameterShapes(shape), ...text]);
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
