import { UnsupportedModelError } from './attentionTaps';
import type { Fragment } from '../onnx/fragment';
import type { Graph } from '../onnx/graph';
import { encodeModel, elementType, type NodeProto } from '../onnx/modelProto';

/** The way from the last layer's tokens to the embedding: post-layernorm and projection, behind the choice of [CLS]. */
export interface PoolingHead {
  /** Tokens of the last layer, (batch, N+1, Dv). */
  tokens: string;
  /** The chosen [CLS], (batch, Dv). */
  selected: string;
  /** Nodes from `selected` to the embedding, in order. */
  nodes: NodeProto[];
  /** The embedding, (batch, D). */
  output: string;
}

/**
 * Finds the pooling head before an output: back to the Gather that takes index 0 of the token axis.
 *
 * @throws UnsupportedModelError when the graph pools in another way.
 */
export function findPoolingHead(graph: Graph, output: string): PoolingHead {
  const selections = new Set<NodeProto>();
  const nodes = new Set<NodeProto>();
  const seen = new Set<string>();
  const open = [output];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    const node = graph.producer(tensor);
    if (!node) {
      if (graph.inputs.includes(tensor)) throw notPooledFromCls(output);
      continue;
    }
    if (selectsFirstToken(graph, node)) {
      selections.add(node);
      continue;
    }
    if (['Slice', 'Split', 'GatherND', 'GatherElements'].includes(node.opType))
      throw notPooledFromCls(output);
    nodes.add(node);
    open.push(...node.input.filter(Boolean));
  }
  const [selection, ...others] = selections;
  if (!selection || others.length > 0) throw notPooledFromCls(output);
  return {
    tokens: selection.input[0],
    selected: selection.output[0],
    nodes: graph.nodes.filter((node) => nodes.has(node)),
    output,
  };
}

/**
 * Adds the head applied to every token. Tokens are flattened to two dimensions first, since some exporters end the
 * head in a Gemm, which takes no more.
 *
 * @returns the name of the projected tokens, (batch·(N+1), D).
 */
export function projectEveryToken(head: PoolingHead, fragment: Fragment): string {
  const renamed = new Map([[head.selected, fragment.node('Flatten', [head.tokens], { axis: 2 })]]);
  for (const node of head.nodes) {
    if (!node.input.some((input) => renamed.has(input))) continue; // constants and weights are used where they are
    for (const output of node.output) renamed.set(output, fragment.freshName('head'));
    fragment.copy(node, (tensor) => renamed.get(tensor) ?? tensor);
  }
  const projected = renamed.get(head.output);
  if (!projected) throw notPooledFromCls(head.output);
  return projected;
}

/** The head as a model of its own: `tokens` (rows, Dv) float32 to `projected` (rows, D) float32. */
export function headModel(graph: Graph, head: PoolingHead): Uint8Array {
  const used = new Set(head.nodes.flatMap(({ input }) => input));
  const weights = [...used].flatMap((name) => graph.initializer(name) ?? []);
  const half = weights.some(({ dataType }) => dataType === elementType.float16) && !castsItsWeights(head);
  const cast = (from: string, to: string, type: number): NodeProto => ({
    opType: 'Cast',
    input: [from],
    output: [to],
    attribute: [{ name: 'to', i: type, type: 2 }],
  });
  const value = (name: string) => ({ name, type: { tensorType: { elemType: elementType.float } } });
  return encodeModel({
    irVersion: graph.model.irVersion,
    opsetImport: graph.model.opsetImport,
    graph: {
      name: 'head',
      node: [
        cast('tokens', head.selected, half ? elementType.float16 : elementType.float),
        ...head.nodes,
        cast(head.output, 'projected', elementType.float),
      ],
      initializer: weights,
      input: [value('tokens')],
      output: [value('projected')],
    },
  });
}

/** Weights stored as float16 behind Cast nodes: the arithmetic is float32. */
function castsItsWeights(head: PoolingHead): boolean {
  const computed = new Set(head.nodes.flatMap(({ output }) => output));
  return head.nodes.some(({ opType, input }) => opType === 'Cast' && !computed.has(input[0]));
}

function selectsFirstToken(graph: Graph, node: NodeProto): boolean {
  return (
    node.opType === 'Gather' &&
    graph.integer(node, 'axis') === 1 &&
    graph.scalar(node.input[1]) === 0 &&
    !graph.isConstant(node.input[0])
  );
}

function notPooledFromCls(output: string): UnsupportedModelError {
  return new UnsupportedModelError(
    `its output ${output} is not pooled from the [CLS] token. Use a CLIP export with its projection.`,
  );
}
