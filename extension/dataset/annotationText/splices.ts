import { createReadStream } from 'node:fs';
import type { ByteRange } from './jsonOutline';

/** What an entry of an annotation file becomes: it goes, or is called by another class. */
export type EntryChange = 'drop' | { class: string };

/** A part of a file, and the text in its place. */
export interface Splice extends ByteRange {
  text: string;
}

/** A file with parts of it replaced, as a stream; all else is passed on byte by byte. @param splices of parts that do not overlap. */
export async function* splicedFile(path: string, splices: readonly Splice[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const { start, end, text } of inOrder(splices)) {
    if (start > at) yield* createReadStream(path, { start: at, end: start - 1 }) as AsyncIterable<Uint8Array>;
    if (text !== '') yield Buffer.from(text);
    at = end;
  }
  yield* createReadStream(path, { start: at }) as AsyncIterable<Uint8Array>;
}

/** A text with parts of it replaced. @param splices in UTF-16 units, of parts that do not overlap. */
export function splicedText(text: string, splices: readonly Splice[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: put } of inOrder(splices)) {
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}

const inOrder = (splices: readonly Splice[]): Splice[] => [...splices].sort((a, b) => a.start - b.start);
