import * as z from 'zod/mini';

/** Float32 lists as they stand in the database: little-endian bytes. */
export function toBlob(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** A column of bytes; the library gives one row a view and many rows plain buffers. */
export const blobSchema = z.union([z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)]);
export type Blob = z.infer<typeof blobSchema>;

/** The bytes of a column, by themselves in memory. */
export function bytesOf(blob: Blob): ArrayBuffer {
  return blob instanceof ArrayBuffer ? blob : Uint8Array.from(blob).buffer;
}

export function fromBlob(blob: Blob): Float32Array {
  return new Float32Array(bytesOf(blob));
}

export function fromOptionalBlob(blob: Blob | null): Float32Array | null {
  return blob && fromBlob(blob);
}
