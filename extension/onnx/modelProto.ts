import protobuf from 'protobufjs/light';

/**
 * The parts of an ONNX file (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that finding and adding outputs
 * needs. Fields that are not named here are passed over when reading.
 */
export interface ModelProto {
  irVersion: number;
  opsetImport: OperatorSet[];
  graph: GraphProto;
  /** Operators the model defines itself. */
  functions: FunctionProto[];
}

export interface FunctionProto {
  name: string;
  domain?: string;
}

export interface OperatorSet {
  domain?: string;
  version: number;
}

export interface GraphProto {
  node: NodeProto[];
  name?: string;
  initializer: TensorProto[];
  input: ValueInfo[];
  output: ValueInfo[];
}

export interface NodeProto {
  input: string[];
  output: string[];
  name?: string;
  opType: string;
  attribute: AttributeProto[];
  domain?: string;
}

export interface AttributeProto {
  name: string;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: TensorProto;
  floats?: number[];
  ints?: number[];
  type?: number;
}

export interface TensorProto {
  dims: number[];
  dataType: number;
  floatData?: number[];
  int32Data?: number[];
  int64Data?: number[];
  name?: string;
  rawData?: Uint8Array;
  doubleData?: number[];
  /** 1: the values are in another file. */
  dataLocation?: number;
  /** Where in which file: `location`, `offset`, `length`. */
  externalData?: { key: string; value: string }[];
}

export interface ValueInfo {
  name: string;
  type?: { tensorType?: { elemType?: number; shape?: { dim: { dimValue?: number; dimParam?: string }[] } } };
}

/** ONNX's numbers for element types and attribute kinds. */
export const elementType = { float: 1, int8: 3, int32: 6, int64: 7, float16: 10, double: 11 } as const;
export const attributeKind = { float: 1, int: 2, tensor: 4, ints: 7 } as const;

const repeated = { rule: 'repeated' } as const;
const root = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: { id: 1, type: 'int64' },
        graph: { id: 7, type: 'GraphProto' },
        opsetImport: { id: 8, type: 'OperatorSet', ...repeated },
        functions: { id: 25, type: 'FunctionProto', ...repeated },
      },
    },
    FunctionProto: { fields: { name: { id: 1, type: 'string' }, domain: { id: 10, type: 'string' } } },
    OperatorSet: { fields: { domain: { id: 1, type: 'string' }, version: { id: 2, type: 'int64' } } },
    GraphProto: {
      fields: {
        node: { id: 1, type: 'NodeProto', ...repeated },
        name: { id: 2, type: 'string' },
        initializer: { id: 5, type: 'TensorProto', ...repeated },
        input: { id: 11, type: 'ValueInfo', ...repeated },
        output: { id: 12, type: 'ValueInfo', ...repeated },
      },
    },
    NodeProto: {
      fields: {
        input: { id: 1, type: 'string', ...repeated },
        output: { id: 2, type: 'string', ...repeated },
        name: { id: 3, type: 'string' },
        opType: { id: 4, type: 'string' },
        attribute: { id: 5, type: 'AttributeProto', ...repeated },
        domain: { id: 7, type: 'string' },
      },
    },
    AttributeProto: {
      fields: {
        name: { id: 1, type: 'string' },
        f: { id: 2, type: 'float' },
        i: { id: 3, type: 'int64' },
        s: { id: 4, type: 'bytes' },
        t: { id: 5, type: 'TensorProto' },
        floats: { id: 7, type: 'float', ...repeated },
        ints: { id: 8, type: 'int64', ...repeated },
        type: { id: 20, type: 'int32' },
      },
    },
    TensorProto: {
      fields: {
        dims: { id: 1, type: 'int64', ...repeated },
        dataType: { id: 2, type: 'int32' },
        floatData: { id: 4, type: 'float', ...repeated },
        int32Data: { id: 5, type: 'int32', ...repeated },
        int64Data: { id: 7, type: 'int64', ...repeated },
        name: { id: 8, type: 'string' },
        rawData: { id: 9, type: 'bytes' },
        doubleData: { id: 10, type: 'double', ...repeated },
        externalData: { id: 13, type: 'StringStringEntry', ...repeated },
        dataLocation: { id: 14, type: 'int32' },
      },
    },
    StringStringEntry: { fields: { key: { id: 1, type: 'string' }, value: { id: 2, type: 'string' } } },
    ValueInfo: { fields: { name: { id: 1, type: 'string' }, type: { id: 2, type: 'TypeProto' } } },
    TypeProto: { fields: { tensorType: { id: 1, type: 'TensorType' } } },
    TensorType: { fields: { elemType: { id: 1, type: 'int32' }, shape: { id: 2, type: 'TensorShape' } } },
    TensorShape: { fields: { dim: { id: 1, type: 'Dimension', ...repeated } } },
    Dimension: { fields: { dimValue: { id: 1, type: 'int64' }, dimParam: { id: 2, type: 'string' } } },
  },
});
const modelType = root.lookupType('ModelProto');

/**
 * Reads a model. Weights stay where they are: `rawData` is a view of `bytes`.
 *
 * @throws Error when the bytes are not an ONNX model.
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  let decoded: protobuf.Message;
  try {
    decoded = modelType.decode(asBuffer(bytes));
  } catch (error) {
    throw new Error(`not an ONNX model (${(error as Error).message})`, { cause: error });
  }
  const model = decoded as unknown as ModelProto;
  if (!model.graph || model.graph.node.length === 0) throw new Error('not an ONNX model (it holds no graph)');
  return model;
}

/** Writes a model, or a fragment of one that is appended to a file: protobuf messages merge when their bytes are joined. */
export function encodeModel(model: {
  irVersion?: number;
  opsetImport?: OperatorSet[];
  graph: Partial<GraphProto>;
  functions?: FunctionProto[];
}): Uint8Array {
  return modelType.encode(modelType.create(model)).finish();
}

/** The fields of a graph, as they stand in a model's one. */
export function encodeGraph(graph: Partial<GraphProto>): Uint8Array {
  return root.lookupType('GraphProto').encode(graph).finish();
}

/** Fields of a weight; joined to the bytes of others, they are a weight. */
export function encodeTensor(fields: Partial<TensorProto>): Uint8Array {
  return root.lookupType('TensorProto').encode(fields).finish();
}

/** One node of a graph. */
export function decodeNode(bytes: Uint8Array): NodeProto {
  return root.lookupType('NodeProto').decode(asBuffer(bytes)) as unknown as NodeProto;
}

/** One weight of a graph; `rawData` is a view of `bytes`. */
export function decodeTensor(bytes: Uint8Array): TensorProto {
  return root.lookupType('TensorProto').decode(asBuffer(bytes)) as unknown as TensorProto;
}

/** Of a Buffer protobufjs reads parts as views, of other arrays into copies. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An int64 field as a number; the decoder hands out `Long` objects where it finds that package. */
export function asNumber(value: number | { toNumber(): number }): number {
  return typeof value === 'number' ? value : value.toNumber();
}
