import {
  attributeKind,
  elementType,
  encodeModel,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfo,
} from './modelProto';

type AttributeValue = number | number[] | { float: number };

/**
 * Nodes and outputs to add to a model. Its bytes are appended to those of the file: protobuf messages merge by
 * concatenation, so any inner tensor of an ordinary export can be used and brought out without exporting it again.
 */
export class Fragment {
  private readonly nodes: NodeProto[] = [];
  private readonly outputs: ValueInfo[] = [];
  private counter = 0;

  /** @param prefix keeps the names of this fragment apart from the model's. */
  constructor(private readonly prefix: string) {}

  /** Adds a node with one output and returns the output's name. */
  node(opType: string, inputs: string[], attributes: Record<string, AttributeValue> = {}): string {
    const output = this.freshName(opType);
    this.nodes.push({
      opType,
      input: inputs,
      output: [output],
      name: output,
      attribute: Object.entries(attributes).map(encodeAttribute),
    });
    return output;
  }

  /** A constant list of int64. */
  integers(values: number[]): string {
    const raw = new BigInt64Array(values.map((value) => BigInt(value)));
    return this.constant({
      dims: [values.length],
      dataType: elementType.int64,
      rawData: new Uint8Array(raw.buffer),
    });
  }

  /** A constant float32 scalar. */
  scalar(value: number): string {
    return this.constant({
      dims: [],
      dataType: elementType.float,
      rawData: new Uint8Array(new Float32Array([value]).buffer),
    });
  }

  /** A constant float32 tensor, row-major. */
  floats(values: Float32Array, dims: readonly number[]): string {
    return this.constant({
      dims: [...dims],
      dataType: elementType.float,
      rawData: new Uint8Array(values.slice().buffer),
    });
  }

  /** A copy of a node of the model with other tensor names; see `headTaps`. */
  copy(node: NodeProto, rename: (tensor: string) => string): void {
    this.nodes.push({
      ...node,
      name: this.freshName(node.opType),
      input: node.input.map((name) => (name ? rename(name) : name)),
      output: node.output.map((name) => (name ? rename(name) : name)),
    });
  }

  freshName(what: string): string {
    return `${this.prefix}/${what}_${this.counter++}`;
  }

  /** Brings a tensor out as float32 under a name of its own. */
  output(tensor: string, name: string): void {
    this.nodes.push({
      opType: 'Cast',
      input: [tensor],
      output: [name],
      name: `${this.prefix}/${name}`,
      attribute: [encodeAttribute(['to', elementType.float])],
    });
    this.outputs.push({ name, type: { tensorType: { elemType: elementType.float } } });
  }

  /** `model` with this fragment behind it. */
  appendTo(model: Uint8Array): Uint8Array {
    const own = encodeModel({
      graph: { node: this.nodes, output: this.outputs, initializer: [], input: [] },
    });
    return Buffer.concat([model, own]);
  }

  private constant(value: TensorProto): string {
    const output = this.freshName('Constant');
    this.nodes.push({
      opType: 'Constant',
      input: [],
      output: [output],
      name: output,
      attribute: [{ name: 'value', t: value, type: attributeKind.tensor }],
    });
    return output;
  }
}

function encodeAttribute([name, value]: [string, AttributeValue]): AttributeProto {
  if (typeof value === 'number') return { name, i: value, type: attributeKind.int };
  if (Array.isArray(value)) return { name, ints: value, type: attributeKind.ints };
  return { name, f: value.float, type: attributeKind.float };
}
