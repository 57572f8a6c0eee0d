import {
  asNumber,
  elementType,
  type AttributeProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './modelProto';

/** A model's graph with the questions that finding tensors by structure asks. */
export class Graph {
  readonly nodes: readonly NodeProto[];
  /** Names of the graph's inputs that are not weights. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly opset: number;
  private readonly producers = new Map<string, NodeProto>();
  private readonly initializers = new Map<string, TensorProto>();

  constructor(readonly model: ModelProto) {
    this.nodes = model.graph.node;
    for (const node of this.nodes)
      for (const output of node.output) if (output) this.producers.set(output, node);
    for (const tensor of model.graph.initializer) if (tensor.name) this.initializers.set(tensor.name, tensor);
    this.inputs = model.graph.input.map(({ name }) => name).filter((name) => !this.initializers.has(name));
    this.outputs = model.graph.output.map(({ name }) => name);
    const opset = model.opsetImport.find(({ domain }) => !domain || domain === 'ai.onnx');
    this.opset = opset ? asNumber(opset.version) : 0;
  }

  producer(tensor: string): NodeProto | undefined {
    return this.producers.get(tensor);
  }

  initializer(tensor: string): TensorProto | undefined {
    return this.initializers.get(tensor);
  }

  attribute(node: NodeProto, name: string): AttributeProto | undefined {
    return node.attribute.find((attribute) => attribute.name === name);
  }

  integer(node: NodeProto, name: string): number | undefined {
    const value = this.attribute(node, name)?.i;
    return value === undefined ? undefined : asNumber(value);
  }

  /** How long an axis of an input has to be; undefined where that is open, or there is no such input. */
  fixedLength(input: string, axis: number): number | undefined {
    const type = this.model.graph.input.find(({ name }) => name === input)?.type?.tensorType;
    const length = asNumber(type?.shape?.dim[axis]?.dimValue ?? 0);
    return length > 0 ? length : undefined;
  }

  /** The tensor is known before the model runs: a weight or a constant, through Identity and Cast. */
  isConstant(tensor: string): boolean {
    return this.constant(tensor) !== undefined;
  }

  /** The value of a constant of one element; undefined for anything else. */
  scalar(tensor: string): number | undefined {
    const constant = this.constant(tensor);
    if (constant === undefined) return undefined;
    if (typeof constant === 'number') return constant;
    return constant.dims.reduce((product, side) => product * asNumber(side), 1) === 1
      ? firstElement(constant)
      : undefined;
  }

  private constant(tensor: string): TensorProto | number | undefined {
    const weight = this.initializers.get(tensor);
    if (weight) return weight;
    const node = this.producers.get(tensor);
    if (node?.opType === 'Constant') {
      const [value] = node.attribute;
      if (value?.t) return value.t;
      if (value?.name === 'value_float') return value.f;
      if (value?.name === 'value_int') return value.i === undefined ? undefined : asNumber(value.i);
      return undefined;
    }
    return node && ['Identity', 'Cast'].includes(node.opType) ? this.constant(node.input[0]) : undefined;
  }

  /** The graph inputs whose values reach a tensor; a path through a tensor's shape carries no values. */
  sources(tensor: string): Set<string> {
    const found = new Set<string>();
    const seen = new Set<string>();
    const open = [tensor];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (this.inputs.includes(name)) found.add(name);
      const node = this.producers.get(name);
      if (node && node.opType !== 'Shape' && node.opType !== 'Size') open.push(...node.input.filter(Boolean));
    }
    return found;
  }
}

function firstElement(tensor: TensorProto): number | undefined {
  const { rawData } = tensor;
  if (rawData && rawData.length > 0) {
    const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    switch (tensor.dataType) {
      case elementType.float:
        return view.getFloat32(0, true);
      case elementType.double:
        return view.getFloat64(0, true);
      case elementType.int64:
        return Number(view.getBigInt64(0, true));
      case elementType.int32:
        return view.getInt32(0, true);
      case elementType.float16:
        return halfToNumber(view.getUint16(0, true));
      default:
        return undefined;
    }
  }
  const value = tensor.floatData?.[0] ?? tensor.doubleData?.[0] ?? tensor.int64Data?.[0];
  if (value !== undefined) return asNumber(value);
  const small = tensor.int32Data?.[0];
  return small === undefined
    ? undefined
    : tensor.dataType === elementType.float16
      ? halfToNumber(small)
      : small;
}

/** IEEE 754 half precision from its 16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
