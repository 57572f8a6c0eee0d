import { fstatSync, readSync } from 'node:fs';

/** Field numbers of `ModelProto.graph`, `GraphProto.node` and `.initializer`, and of `TensorProto`'s ways to hold values. */
export const fieldNumber = {
  graph: 7,
  node: 1,
  initializer: 5,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const;

/** Wire type of strings, bytes and messages. */
const lengthDelimited = 2;

/** Bytes that are read where they are asked for. */
export interface ByteSource {
  readonly size: number;
  /** @throws RangeError when they reach past the end. */
  read(start: number, end: number): Buffer;
}

/** The bytes are no protobuf message; the text says why. */
export class NoMessageError extends Error {
  override readonly name = 'NoMessageError';
}

/** Where a field of a message stands. */
export interface FieldPlace {
  id: number;
  /** With its tag. */
  start: number;
  end: number;
  /** Of a string, bytes or message; null: a number. */
  content: { start: number; end: number } | null;
}

/**
 * The fields of a protobuf message in order, without reading what is in them.
 *
 * @throws NoMessageError where there can be none.
 */
export function* fieldsOf(source: ByteSource, start = 0, end = source.size): Generator<FieldPlace> {
  for (let at = start; at < end;) {
    const tag = varint(source, at, end);
    const wire = tag.value & 7;
    let next = tag.next;
    let content: FieldPlace['content'] = null;
    if (wire === lengthDelimited) {
      const length = varint(source, next, end);
      content = { start: length.next, end: length.next + length.value };
      next = content.end;
    } else if (wire === 0) next = varint(source, next, end).next;
    else if (wire === 1) next += 8;
    else if (wire === 5) next += 4;
    else throw new NoMessageError(`it has a field of the unknown kind ${wire} at byte ${at}`);
    if (next > end) throw new NoMessageError(`a field at byte ${at} reaches past the end`);
    yield { id: tag.value >>> 3, start: at, end: next, content };
    at = next;
  }
}

/** A field of a message from the parts of its content. */
export function encodeField(id: number, parts: readonly Uint8Array[]): Buffer {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([encodeVarint((id << 3) | lengthDelimited), encodeVarint(size), ...parts]);
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { size: buffer.length, read: (start, end) => buffer.subarray(start, end) };
}

/** Read ahead, since a graph is thousands of small fields. */
const window = 256 * 1024;

/** An open file, read as its parts are asked for. */
export function bytesOfFile(descriptor: number): ByteSource {
  const { size } = fstatSync(descriptor);
  let from = 0;
  let held: Buffer = Buffer.alloc(0);
  const fill = (start: number, length: number): Buffer => {
    const buffer = Buffer.allocUnsafe(Math.min(length, size - start));
    for (let at = 0; at < buffer.length;) {
      const count = readSync(descriptor, buffer, at, buffer.length - at, start + at);
      if (count === 0) throw new RangeError('the file became shorter while it was read');
      at += count;
    }
    return buffer;
  };
  return {
    size,
    read: (start, end) => {
      if (end > size) throw new RangeError(`the file ends at ${size}, before ${end}`);
      if (end - start > window) return fill(start, end - start);
      if (start < from || end > from + held.length) {
        from = start;
        held = fill(start, window);
      }
      return held.subarray(start - from, end - from);
    },
  };
}

function varint(source: ByteSource, start: number, end: number): { value: number; next: number } {
  const bytes = source.read(start, Math.min(start + 10, end));
  let value = 0;
  for (let at = 0; at < bytes.length; at++) {
    value += (bytes[at] & 127) * 2 ** (7 * at);
    if (bytes[at] < 128) return { value, next: start + at + 1 };
  }
  throw new NoMessageError('it ends in the middle of a number');
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
