import type { Tensor } from 'onnxruntime-node';
import { float32Output, float32Tensor, openSession, type SessionOptions } from '../towers/session';
import { tokenFeeds, tokenInputs } from './branchTokens';
import type { BranchInputs, NetworkSize } from './combinerNetwork';
import type { CombinerParameters } from './combinerParameters';
import { DifferentiableGraph, type Value } from './differentiableGraph';

/** Width of the network's hidden layer. */
const hidden = 64;
/** Keeps attention in force where no token is aligned: a = β / Σβ then, as `tokenWeights` has it. */
const leastAlignment = 1e-12;

/** Names of the network's inputs besides its parameters and the tokens of the background. */
const names = {
  /** [K, D]: M(t_c). */
  classTexts: 'backgroundText.classTexts',
  /** [K, D]: M̃(c) by inter-text attention, at unit length. */
  weightedTexts: 'backgroundText.weightedTexts',
  /** P z of the background at unit length, as `tokenInputs` splits it. */
  unitTokens: 'backgroundText.unit.',
  /** [B, 1, N] and [B, 1, 1]: β of the patches and of [CLS]. */
  patchAttention: 'backgroundText.patchAttention',
  clsAttention: 'backgroundText.clsAttention',
  /** [B, 1, 1]: 1 where the alignment of the background counts, and 1 minus that. */
  aligned: 'backgroundText.aligned',
  unaligned: 'backgroundText.unaligned',
} as const;

/** What the network sees of a batch of B objects and K classes. */
export interface BackgroundTextBatch {
  /** P z of the background's tokens at unit length, B × (N+1) × D. */
  unitTokens: Float32Array;
  /** β, B × (N+1). */
  attention: Float32Array;
  /** 1 for objects whose background is aligned with text, else 0; B. */
  aligned: Float32Array;
  /** M̃(c) by inter-text attention at unit length, K × D. */
  weightedTexts: Float32Array;
}

/** Parameters of the network, with their shapes. */
export function backgroundTextShapes(dimension: number): Map<string, number[]> {
  return new Map([
    ['backgroundText.mlp1.weight', [hidden, 2 * dimension]],
    ['backgroundText.mlp1.bias', [hidden]],
    ['backgroundText.mlp2.weight', [dimension, hidden]],
    ['backgroundText.mlp2.bias', [dimension]],
  ]);
}

/**
 * The paper's third way to a background text, a trained MLP over the class texts:
 * M̃'(c) = unit(M̃(c) + MLP([M(t_c), M̃(c)])), zero at the start.
 *
 * @returns M̃', [K, D].
 */
export function trainedTexts(
  graph: DifferentiableGraph,
  parameter: (name: string) => Value,
  classes: number,
  dimension: number,
): Value {
  const given = graph.input(names.weightedTexts, [classes, dimension]);
  const both = graph.beside(graph.input(names.classTexts, [classes, dimension]), given);
  const linear = (input: Value, layer: string): Value => {
    const weight = graph.transpose(parameter(`backgroundText.${layer}.weight`), [1, 0]);
    return graph.add(graph.matMul(input, weight), parameter(`backgroundText.${layer}.bias`));
  };
  const texts = graph.add(given, linear(graph.relu(linear(both, 'mlp1')), 'mlp2'));
  const length = graph.sum(graph.multiply(texts, texts), [1]);
  return graph.multiply(texts, graph.inverseSquareRoot(length));
}

/**
 * The background branch with weights from trained texts.
 *
 * @returns the branch as the combiner takes it, and Σ a z for every class, [B, K, Dv].
 */
export function backgroundFromTexts(
  graph: DifferentiableGraph,
  texts: Value,
  { patches, cls }: Pick<BranchInputs, 'patches' | 'cls'>,
  size: NetworkSize,
): { inputs: BranchInputs; pooled: Value } {
  const { objects, classes, grid } = size;
  const count = grid[0] * grid[1];
  const dimension = texts.shape[1];
  const unit = tokenInputs(graph, names.unitTokens, size, dimension);
  const aligned = graph.input(names.aligned, [objects, 1, 1]);
  const unaligned = graph.add(
    graph.input(names.unaligned, [objects, 1, 1]),
    graph.constant(new Float32Array([leastAlignment]), [1, 1, 1]),
  );
  const omega = (unitTokens: Value, attention: Value): Value => {
    const mu = graph.multiply(graph.relu(graph.matMul(texts, unitTokens)), aligned);
    return graph.multiply(graph.add(mu, unaligned), attention);
  };
  const ofPatches = omega(unit.patches, graph.input(names.patchAttention, [objects, 1, count]));
  const ofCls = omega(graph.transpose(unit.cls, [0, 2, 1]), graph.input(names.clsAttention, [objects, 1, 1]));
  const root = graph.inverseSquareRoot(graph.add(graph.sum(ofPatches, [2]), ofCls));
  const share = graph.multiply(root, root);
  const patchShare = graph.multiply(ofPatches, share);
  const clsShare = graph.multiply(ofCls, share);
  return {
    inputs: {
      patches,
      cls,
      patchWeights: graph.reshape(graph.scale(patchShare, count + 1), [objects, classes, 1, count]),
      clsWeights: graph.scale(clsShare, count + 1),
    },
    pooled: graph.add(
      graph.matMul(patchShare, graph.transpose(patches, [0, 2, 1])),
      graph.multiply(clsShare, cls),
    ),
  };
}

/** What the inputs of both are fed with. @param classTexts M(t_c), K × D. */
export function backgroundTextFeeds(
  { unitTokens, attention, aligned, weightedTexts }: BackgroundTextBatch,
  classTexts: Float32Array,
  size: NetworkSize,
): Record<string, Tensor> {
  const { objects, classes, grid } = size;
  const patchCount = grid[0] * grid[1];
  const dimension = weightedTexts.length / classes;
  const clsAttention = new Float32Array(objects);
  const patchAttention = new Float32Array(objects * patchCount);
  for (let object = 0; object < objects; object++) {
    const from = object * (patchCount + 1);
    clsAttention[object] = attention[from];
    patchAttention.set(attention.subarray(from + 1, from + patchCount + 1), object * patchCount);
  }
  return {
    ...textFeeds(classTexts, weightedTexts, classes),
    ...tokenFeeds(names.unitTokens, unitTokens, size, dimension),
    [names.patchAttention]: float32Tensor(patchAttention, [objects, 1, patchCount]),
    [names.clsAttention]: float32Tensor(clsAttention, [objects, 1, 1]),
    [names.aligned]: float32Tensor(aligned, [objects, 1, 1]),
    [names.unaligned]: float32Tensor(
      aligned.map((is) => 1 - is),
      [objects, 1, 1],
    ),
  };
}

/**
 * M̃' of trained parameters, for use at inference.
 *
 * @param classTexts M(t_c). @param weightedTexts M̃(c) by inter-text attention at unit length. @returns C × D at unit length.
 */
export async function backgroundTextsOf(
  parameters: CombinerParameters,
  classTexts: Float32Array,
  weightedTexts: Float32Array,
  classes: number,
  options: SessionOptions,
): Promise<Float32Array> {
  const dimension = classTexts.length / classes;
  const shapes = backgroundTextShapes(dimension);
  const graph = new DifferentiableGraph();
  const inputs = new Map([...shapes].map(([name, sides]) => [name, graph.input(name, sides)]));
  graph.output(
    trainedTexts(graph, (name) => inputs.get(name)!, classes, dimension),
    'texts',
  );
  const session = await openSession(graph.encode(), options);
  try {
    const feeds = textFeeds(classTexts, weightedTexts, classes);
    for (const [name, sides] of shapes) feeds[name] = float32Tensor(parameters.get(name)!, sides);
    return float32Output(await session.run(feeds), 'texts').data;
  } finally {
    await session.release();
  }
}

function textFeeds(
  classTexts: Float32Array,
  weightedTexts: Float32Array,
  classes: number,
): Record<string, Tensor> {
  const shape = [classes, classTexts.length / classes];
  return {
    [names.classTexts]: float32Tensor(classTexts, shape),
    [names.weightedTexts]: float32Tensor(weightedTexts, shape),
  };
}
