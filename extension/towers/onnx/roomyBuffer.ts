/** What `Fragment.appendTo` may write behind a model; fragments take a few kilobytes. */
const room = 256 * 1024;
const roomy = new WeakSet<ArrayBufferLike>();

/**
 * A buffer of `size` bytes with room behind it, so that a model of hundreds of megabytes that is read into it is not copied
 * for a few kilobytes more. (A Buffer, because protobufjs reads the parts of other arrays into copies.)
 */
export function roomyBuffer(size: number): Buffer {
  const memory = new ArrayBuffer(size + room);
  roomy.add(memory);
  return Buffer.from(memory, 0, size);
}

/** `model` with `more` behind it; in place where there is room, which only works once. */
export function appended(model: Uint8Array, more: Uint8Array): Uint8Array {
  if (roomy.has(model.buffer) && more.length <= room) {
    const joined = Buffer.from(model.buffer as ArrayBuffer, model.byteOffset, model.length + more.length);
    joined.set(more, model.length);
    roomy.delete(model.buffer);
    return joined;
  }
  const joined = new Uint8Array(model.length + more.length);
  joined.set(model);
  joined.set(more, model.length);
  return joined;
}
