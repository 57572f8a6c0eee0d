import { UnsupportedModelError } from './attentionTaps';
import { halfToNumber, type Graph } from '../onnx/graph';
import { ownGraph } from './ownGraph';
import { asNumber, attributeKind, elementType, type NodeProto, type TensorProto } from '../onnx/modelProto';
import { rewriteGraph } from '../onnx/rewriteGraph';

/** Largest absolute value of a weight in 8 bits; `reduced`: in 7, where pairs of products are added in 16 bits. */
export const weightRange = { full: 127, reduced: 63 } as const;
export type WeightRange = keyof typeof weightRange;

/**
 * A model whose products with a weight matrix are computed in integers: the other operand is quantised as it comes
 * (DynamicQuantizeLinear, unsigned), the weight beforehand (signed, a scale a column, no zero point), and
 *
 *   X W ≈ s_x s_w (X̂ - z_x) Ŵ
 *
 * Products of two computed operands, convolutions and everything else stay as they are.
 *
 * @param isExact whether a node stays as it is all the same.
 * @throws UnsupportedModelError where no such product has a float32 weight, or as `ownGraph`.
 */
export function withInt8Weights(
  model: Uint8Array,
  range: WeightRange,
  isExact: (node: NodeProto) => boolean,
): Uint8Array {
  const graph = ownGraph(model, {});
  const weights = new Map<string, TensorProto>();
  const products = new Set<string>();
  for (const node of graph.nodes) {
    const weight = node.opType === 'MatMul' && !isExact(node) ? floatWeight(graph, node.input[1]) : undefined;
    if (weight?.dims.length !== 2) continue;
    weights.set(node.input[1], weight);
    products.add(node.output[0]);
  }
  if (weights.size === 0)
    throw new UnsupportedModelError(
      'it holds no float32 weights of matrix products. Int8 is made from the fp32 file of a model.',
    );
  const isProduct = ({ output: [name] }: NodeProto): boolean => products.has(name);
  const inUse = inputsOf(graph.nodes.filter((node) => !isProduct(node)));
  const isUnusedCast = ({ output: [name] }: NodeProto): boolean =>
    weights.has(name) && graph.initializer(name) === undefined && !inUse.has(name);
  const kept = inputsOf(graph.nodes.filter((node) => !isProduct(node) && !isUnusedCast(node)));
  const integers = new Set([...weights.values()].map(({ name }) => name));
  const quantised = new Set<string>();
  return rewriteGraph(model, {
    replaceNode: (node) => {
      if (isUnusedCast(node)) return [];
      if (!isProduct(node)) return undefined;
      const isNew = !quantised.has(node.input[0]);
      quantised.add(node.input[0]);
      return integerProduct(node, isNew);
    },
    keepsInitializer: (name) => !integers.has(name) || kept.has(name),
    initializers: [...weights].flatMap(([name, weight]) => int8Tensors(name, weight, weightRange[range])),
  });
}

function inputsOf(nodes: readonly NodeProto[]): Set<string> {
  return new Set(nodes.flatMap(({ input }) => input));
}

/** A weight that meets its product in float32, stored so or in half precision behind a Cast. */
function floatWeight(graph: Graph, tensor: string): TensorProto | undefined {
  const weight = graph.initializer(tensor);
  if (weight) return weight.dataType === elementType.float ? weight : undefined;
  const cast = graph.producer(tensor);
  if (cast?.opType !== 'Cast' || graph.integer(cast, 'to') !== elementType.float) return undefined;
  const half = graph.initializer(cast.input[0]);
  return half?.dataType === elementType.float16 ? half : undefined;
}

/** @param quantises whether its left operand has not been quantised before. */
function integerProduct(
  { input: [left, weight], output: [product] }: NodeProto,
  quantises: boolean,
): NodeProto[] {
  const operand = [`${left}.int8`, `${left}.int8.scale`, `${left}.int8.zero`];
  const node = (opType: string, input: string[], output: string[]): NodeProto => ({
    opType,
    input,
    output,
    name: `uniOod/${output[0]}`,
    attribute: [],
  });
  const cast = node('Cast', [`${product}.int32`], [`${product}.float`]);
  cast.attribute.push({ name: 'to', i: elementType.float, type: attributeKind.int });
  return [
    ...(quantises ? [node('DynamicQuantizeLinear', [left], operand)] : []),
    node('MatMulInteger', [operand[0], `${weight}.int8`, operand[2]], [`${product}.int32`]),
    cast,
    node('Mul', [operand[1], `${weight}.int8.scale`], [`${product}.scale`]),
    node('Mul', [`${product}.float`, `${product}.scale`], [product]),
  ];
}

/** Ŵ and s_w. */
function int8Tensors(name: string, weight: TensorProto, largest: number): TensorProto[] {
  const [rows, columns] = weight.dims.map(asNumber);
  const values = floatsOf(weight);
  const scales = new Float32Array(columns);
  for (let at = 0; at < values.length; at++)
    scales[at % columns] = Math.max(scales[at % columns], Math.abs(values[at]) / largest);
  // A column of zeros.
  scales.forEach((scale, column) => (scales[column] = scale || 1));
  const integers = Int8Array.from(values, (value, at) => Math.round(value / scales[at % columns]));
  return [
    {
      name: `${name}.int8`,
      dims: [rows, columns],
      dataType: elementType.int8,
      rawData: new Uint8Array(integers.buffer),
    },
    {
      name: `${name}.int8.scale`,
      dims: [columns],
      dataType: elementType.float,
      rawData: new Uint8Array(scales.buffer),
    },
  ];
}

function floatsOf({ rawData, floatData, int32Data, dataType }: TensorProto): Float32Array {
  const isHalf = dataType === elementType.float16;
  if (!rawData || rawData.length === 0)
    return isHalf ? Float32Array.from(int32Data ?? [], halfToNumber) : Float32Array.from(floatData ?? []);
  const { buffer } = new Uint8Array(rawData);
  return isHalf ? Float32Array.from(new Uint16Array(buffer), halfToNumber) : new Float32Array(buffer);
}
