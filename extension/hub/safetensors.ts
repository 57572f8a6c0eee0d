import * as z from 'zod/mini';

/** A float32 tensor, row-major. */
export interface Tensor {
  shape: number[];
  data: Float32Array;
}

const headerSchema = z.record(
  z.string(),
  z.union([
    z.object({ dtype: z.string(), shape: z.array(z.int()), data_offsets: z.tuple([z.int(), z.int()]) }),
    z.record(z.string(), z.string()), // __metadata__
  ]),
);

/**
 * Reads float32 tensors of a safetensors file (https://github.com/huggingface/safetensors, format section): eight bytes
 * of little-endian header length, a JSON header, the bytes.
 *
 * @throws Error saying what is wrong, without naming the file: the caller knows it.
 */
export function readSafetensors(bytes: Uint8Array): {
  tensors: Map<string, Tensor>;
  metadata: Record<string, string>;
} {
  if (bytes.length < 8) throw new Error('too short for a safetensors file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.length - 8) throw new Error('the header is longer than the file');
  const header = z.parse(
    headerSchema,
    JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))),
  );
  const tensors = new Map<string, Tensor>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (!('data_offsets' in entry) || typeof entry.data_offsets === 'string') {
      metadata = entry as Record<string, string>;
      continue;
    }
    tensors.set(name, readTensor(bytes, 8 + headerLength, name, entry as TensorEntry));
  }
  return { tensors, metadata };
}

interface TensorEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function readTensor(bytes: Uint8Array, base: number, name: string, entry: TensorEntry): Tensor {
  const [start, end] = entry.data_offsets;
  const count = entry.shape.reduce((product, side) => product * side, 1);
  if (entry.dtype !== 'F32') throw new Error(`tensor ${name} is ${entry.dtype}; only F32 is read`);
  if (start < 0 || end - start !== 4 * count || base + end > bytes.length)
    throw new Error(`tensor ${name} does not fit the file`);
  // A copy, because a Float32Array must begin at a multiple of four bytes and the file's tensors need not.
  return {
    shape: entry.shape,
    data: new Float32Array(new Uint8Array(bytes.subarray(base + start, base + end)).buffer),
  };
}

/** Writes float32 tensors as a safetensors file; same input, same bytes. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = JSON.stringify(header);
  const headerBytes = new TextEncoder().encode(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const file = new Uint8Array(8 + headerBytes.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes.length), true);
  file.set(headerBytes, 8);
  let position = 8 + headerBytes.length;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}
