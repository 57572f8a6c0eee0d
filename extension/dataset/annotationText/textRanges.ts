import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TextRange } from '../../protocol/annotations';
import type { ByteRange } from './jsonOutline';

/** A range of a text as an editor counts it. @param start @param end in UTF-16 units. */
export function textRange(text: string, start: number, end: number): TextRange {
  return { start: positionIn(text, start), end: positionIn(text, end) };
}

function positionIn(text: string, offset: number): TextRange['start'] {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length - 1, character: before[before.length - 1].length };
}

/** The bytes of a file between two places, as UTF-8. */
export async function textOf(path: string, { start, end }: ByteRange): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A range of a UTF-8 file as an editor counts it, which shows no byte order mark. The file is read as a stream. */
export async function textRangeOfBytes(path: string, { start, end }: ByteRange): Promise<TextRange> {
  const counter = new PositionCounter();
  let from: TextRange['start'] | undefined;
  if (end > 0)
    for await (const piece of createReadStream(path, { end: end - 1 })) {
      const bytes = piece as Uint8Array;
      const before = start - counter.offset;
      if (!from && before <= bytes.length) {
        counter.follow(bytes.subarray(0, before));
        from = counter.position;
        counter.follow(bytes.subarray(before));
      } else counter.follow(bytes);
    }
  return { start: from ?? counter.position, end: counter.position };
}

/** Counts lines and UTF-16 units of UTF-8 bytes. */
class PositionCounter {
  offset = 0;
  private line = 0;
  private character = 0;
  private afterReturn = false;

  get position(): TextRange['start'] {
    return { line: this.line, character: this.character };
  }

  follow(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === 0x0a || byte === 0x0d) {
        if (!(byte === 0x0a && this.afterReturn)) this.line++;
        this.character = 0;
      } else if ((byte & 0xc0) !== 0x80) this.character += byte >= 0xf0 ? 2 : 1;
      this.afterReturn = byte === 0x0d;
      if (++this.offset === 3 && this.isMark(bytes)) this.character = 0;
    }
  }

  private isMark(bytes: Uint8Array): boolean {
    return this.line === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  }
}
