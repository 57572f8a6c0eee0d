import protobuf from 'protobufjs/light';
import { decodeNode, decodeTensor, encodeGraph, type NodeProto, type TensorProto } from './modelProto';

/** Field numbers of `ModelProto.graph`, `GraphProto.node` and `GraphProto.initializer`. */
const graphField = 7;
const nodeField = 1;
const initializerField = 5;
/** Wire type of strings, bytes and messages. */
const lengthDelimited = 2;

/** What to do with the parts of a graph; everything else stays as it is, byte for byte. */
export interface GraphChanges {
  /** Nodes to put in place of one, in order; undefined: it stays. */
  replaceNode(node: NodeProto): NodeProto[] | undefined;
  /** Whether a weight stays. */
  keepsInitializer(name: string): boolean;
  /** Weights to add. */
  initializers: readonly TensorProto[];
}

/**
 * A model with nodes replaced and weights dropped and added. It works on the fields of the file, since reading a model whole
 * and writing it again would lose what `modelProto` does not name.
 */
export function rewriteGraph(model: Uint8Array, changes: GraphChanges): Uint8Array {
  const head: Uint8Array[] = [];
  const graph: Uint8Array[] = [];
  for (const { id, bytes, content } of fieldsOf(model)) {
    if (id !== graphField || !content) head.push(bytes);
    else for (const field of fieldsOf(content)) graph.push(changed(field, changes));
  }
  graph.push(encodeGraph({ initializer: [...changes.initializers] }));
  const size = graph.reduce((sum, { length }) => sum + length, 0);
  const tag = new protobuf.Writer()
    .uint32((graphField << 3) | lengthDelimited)
    .uint32(size)
    .finish();
  return Buffer.concat([...head, tag, ...graph]);
}

function changed({ id, bytes, content }: Field, changes: GraphChanges): Uint8Array {
  if (id === nodeField && content) {
    const replaced = changes.replaceNode(decodeNode(content));
    return replaced ? encodeGraph({ node: replaced }) : bytes;
  }
  if (id === initializerField && content && !changes.keepsInitializer(decodeTensor(content).name ?? ''))
    return new Uint8Array(0);
  return bytes;
}

interface Field {
  id: number;
  /** With its tag. */
  bytes: Uint8Array;
  /** Of a string, bytes or message. */
  content: Uint8Array | null;
}

function* fieldsOf(message: Uint8Array): Generator<Field> {
  const reader = protobuf.Reader.create(Buffer.from(message.buffer, message.byteOffset, message.length));
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    let content: Uint8Array | null = null;
    if ((tag & 7) === lengthDelimited) {
      const length = reader.uint32();
      content = message.subarray(reader.pos, reader.pos + length);
      reader.skip(length);
    } else reader.skipType(tag & 7);
    yield { id: tag >>> 3, bytes: message.subarray(start, reader.pos), content };
  }
}
