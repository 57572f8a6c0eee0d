/** Typed arrays as base64 text, since columns of numbers also travel through JSON. Little-endian, as every platform we run on. */

type Column = Float32Array | Uint32Array | Uint16Array | Uint8Array;

export function encodeColumn(values: Column): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (typeof Buffer !== 'undefined')
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  let text = '';
  for (let start = 0; start < bytes.length; start += 0x8000)
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}

export const decodeFloat32 = (text: string): Float32Array => new Float32Array(decodeBytes(text));
export const decodeUint32 = (text: string): Uint32Array => new Uint32Array(decodeBytes(text));
export const decodeUint16 = (text: string): Uint16Array => new Uint16Array(decodeBytes(text));
export const decodeUint8 = (text: string): Uint8Array => new Uint8Array(decodeBytes(text));

function decodeBytes(text: string): ArrayBuffer {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes.buffer;
}
