import { decodeNode, decodeTensor, encodeGraph, type NodeProto, type TensorProto } from './modelProto';
import { bytesInMemory, encodeField, fieldNumber, fieldsOf } from './protobufFields';

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
  const source = bytesInMemory(model);
  const head: Uint8Array[] = [];
  const graph: Uint8Array[] = [];
  for (const { id, start, end, content } of fieldsOf(source)) {
    if (id !== fieldNumber.graph || !content) head.push(source.read(start, end));
    else
      for (const field of fieldsOf(source, content.start, content.end))
        graph.push(
          changed(
            field.id,
            source.read(field.start, field.end),
            field.content && source.read(field.content.start, field.content.end),
            changes,
          ),
        );
  }
  graph.push(encodeGraph({ initializer: [...changes.initializers] }));
  return Buffer.concat([...head, encodeField(fieldNumber.graph, graph)]);
}

/** @param field with its tag. @param content of a string, bytes or message. */
function changed(
  id: number,
  field: Uint8Array,
  content: Uint8Array | null,
  changes: GraphChanges,
): Uint8Array {
  if (id === fieldNumber.node && content) {
    const replaced = changes.replaceNode(decodeNode(content));
    return replaced ? encodeGraph({ node: replaced }) : field;
  }
  if (
    id === fieldNumber.initializer &&
    content &&
    !changes.keepsInitializer(decodeTensor(content).name ?? '')
  )
    return new Uint8Array(0);
  return field;
}
