import type { Graph } from '../onnx/graph';
import type { NodeProto } from '../onnx/modelProto';

/** Where q and k of one attention enter their product, found by structure. */
export interface AttentionTap {
  query: string;
  key: string;
  /** k comes as (…, d, N) rather than (…, N, d). */
  keyTransposed: boolean;
  /** What multiplies q·k between product and softmax; null: 1/√d, the default of the ONNX Attention operator. */
  scale: number | null;
  /** Graph inputs whose values reach q: they tell the image tower from the text tower. */
  sources: ReadonlySet<string>;
}

/** The file hides what the method needs; the message says which other file has it. */
export class UnsupportedModelError extends Error {
  override readonly name = 'UnsupportedModelError';
}

const fusedAttention = [
  'Attention',
  'MultiHeadAttention',
  'PackedAttention',
  'PackedMultiHeadAttention',
  'QAttention',
  'GroupQueryAttention',
];

/**
 * Every attention of a graph, in the order of its layers: a Softmax over a product of two computed tensors, whatever
 * reshapes, masks and factors lie between, or an ONNX Attention operator with its q and k as inputs. The scores are
 * q·k·scale wherever the exporter put 1/√d.
 *
 * @throws UnsupportedModelError where a fused operator hides q and k.
 */
export function findAttentions(graph: Graph): AttentionTap[] {
  const found: AttentionTap[] = [];
  for (const node of graph.nodes) {
    refuseFused(node);
    const product =
      node.opType === 'Softmax' ? scoreProduct(graph, node.input[0], 1, 0) : operatorInputs(graph, node);
    if (product) found.push({ ...product, sources: graph.sources(product.query) });
  }
  return found;
}

type ScoreProduct = Omit<AttentionTap, 'sources'>;

function refuseFused(node: NodeProto): void {
  if (node.domain === 'com.microsoft' && fusedAttention.includes(node.opType))
    throw new UnsupportedModelError(
      `its attention is fused into com.microsoft::${node.opType}, which hides queries and keys. Use the export from before graph optimisation (for example onnx/vision_model.onnx instead of an optimised copy).`,
    );
}

/** The Attention operator of opset 23: q and k are its first two inputs, with heads on an axis of their own. */
function operatorInputs(graph: Graph, node: NodeProto): ScoreProduct | null {
  if (node.opType !== 'Attention' || (node.domain && node.domain !== 'ai.onnx')) return null;
  if (graph.integer(node, 'q_num_heads') !== undefined)
    throw new UnsupportedModelError(
      'its Attention operators keep the heads packed in one axis. Export it with opset 18 or lower, or with eager attention.',
    );
  return {
    query: node.input[0],
    key: node.input[1],
    keyTransposed: false,
    scale: graph.attribute(node, 'scale')?.f ?? null,
  };
}

const farthest = 24;
const passedThrough = ['Reshape', 'Cast', 'Identity', 'Squeeze', 'Unsqueeze', 'Clip'];
const masking = ['Add', 'Sub', 'Where', 'Max', 'Min'];

/** From a softmax's input back to the product of two computed tensors, gathering the factors on the way. */
function scoreProduct(graph: Graph, tensor: string, scale: number, depth: number): ScoreProduct | null {
  const node = graph.producer(tensor);
  if (!node || depth > farthest) return null;
  const back = (input: string, factor = scale): ScoreProduct | null =>
    scoreProduct(graph, input, factor, depth + 1);
  if (passedThrough.includes(node.opType)) return back(node.input[0]);
  if (masking.includes(node.opType)) {
    const values = node.opType === 'Where' ? node.input.slice(1) : node.input;
    return firstFound(
      values.filter((input) => !graph.isConstant(input)),
      back,
    );
  }
  if (node.opType === 'Mul' || node.opType === 'Div') return scaledProduct(graph, node, scale, back);
  if (node.opType === 'MatMul' || node.opType === 'FusedMatMul') return floatProduct(graph, node, scale);
  if (node.opType === 'MatMulInteger') return integerProduct(graph, node, scale);
  return null;
}

function scaledProduct(
  graph: Graph,
  node: NodeProto,
  scale: number,
  back: (input: string, factor?: number) => ScoreProduct | null,
): ScoreProduct | null {
  const [a, b] = node.input;
  const right = graph.scalar(b);
  if (right !== undefined) return back(a, node.opType === 'Mul' ? scale * right : scale / right);
  const left = node.opType === 'Mul' ? graph.scalar(a) : undefined;
  if (left !== undefined) return back(b, scale * left);
  // Dequantisation: an integer product times the computed scales of both sides. Those scales are q's and k's own.
  return firstFound(
    [a, b].filter((input) => leadsToIntegerProduct(graph, input)),
    (input) => back(input),
  );
}

function floatProduct(graph: Graph, node: NodeProto, scale: number): ScoreProduct | null {
  const [query, key] = node.input;
  if (graph.isConstant(query) || graph.isConstant(key) || graph.integer(node, 'transA')) return null;
  const alpha = node.opType === 'FusedMatMul' ? (graph.attribute(node, 'alpha')?.f ?? 1) : 1;
  const keyTransposed = !(node.opType === 'FusedMatMul' && graph.integer(node, 'transB'));
  return { query, key, keyTransposed, scale: scale * alpha };
}

function integerProduct(graph: Graph, node: NodeProto, scale: number): ScoreProduct | null {
  const [query, key] = node.input.slice(0, 2).map((input) => graph.producer(input));
  if (query?.opType !== 'DynamicQuantizeLinear' || key?.opType !== 'DynamicQuantizeLinear') return null;
  return { query: query.input[0], key: key.input[0], keyTransposed: true, scale };
}

function leadsToIntegerProduct(graph: Graph, tensor: string): boolean {
  const node = graph.producer(tensor);
  if (!node) return false;
  if (node.opType === 'MatMulInteger') return true;
  return ['Cast', 'Reshape', 'Identity'].includes(node.opType) && leadsToIntegerProduct(graph, node.input[0]);
}

function firstFound(inputs: string[], search: (input: string) => ScoreProduct | null): ScoreProduct | null {
  for (const input of inputs) {
    const found = search(input);
    if (found) return found;
  }
  return null;
}
