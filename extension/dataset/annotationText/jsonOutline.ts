import { createReadStream } from 'node:fs';

/** A part of a file in bytes, the end not included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A list of a JSON file or an entry of one, as `jsonOutline` meets them. */
export type OutlinePart =
  | { kind: 'entry'; list: string | null; index: number; range: ByteRange }
  /** A whole list, brackets included; after its entries. */
  | { kind: 'list'; list: string | null; count: number; range: ByteRange }
  /** The value that the file is; last. */
  | { kind: 'root'; range: ByteRange };

/** Bytes looked at before other work has its turn. */
const pieceSize = 1024 * 1024;

/**
 * Where the lists of a JSON file and their entries stand: lists that are the file itself (`list` null) or a member of its
 * object. The file has to be JSON, as `streamJson` finds out; here brackets and strings alone are followed, which takes a
 * tenth of the time of parsing, and no more memory than one piece of the file.
 */
export async function* jsonOutline(path: string): AsyncGenerator<OutlinePart> {
  const outline = new Outline();
  for await (const piece of createReadStream(path, { highWaterMark: pieceSize })) {
    outline.follow(piece as Uint8Array);
    yield* outline.taken();
  }
}

const code = (character: string): number => character.charCodeAt(0);
const [quote, backslash, comma, colon] = [code('"'), code('\\'), code(','), code(':')];
const [openBrace, closeBrace, openBracket, closeBracket] = [code('{'), code('}'), code('['), code(']')];

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

class Outline {
  private parts: OutlinePart[] = [];
  /** Of the piece that is followed now. */
  private offset = 0;
  private depth = 0;
  private isRootList = false;
  private rootStart = 0;
  private inString = false;
  private escaped = false;
  /** The member of the root object that is read, and the bytes of its name while that is. */
  private member: string | null = null;
  private nameBytes: number[] | null = null;
  private list: { name: string | null; start: number; depth: number; count: number } | null = null;
  private entryStart: number | null = null;

  taken(): OutlinePart[] {
    const { parts } = this;
    this.parts = [];
    return parts;
  }

  follow(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at];
      if (this.inString) this.inText(byte, this.offset + at);
      else this.outside(byte, this.offset + at);
    }
    this.offset += piece.length;
  }

  private inText(byte: number, at: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === backslash) this.escaped = true;
    else if (byte === quote) {
      this.inString = false;
      if (this.nameBytes) {
        this.member = JSON.parse(`"${Buffer.from(this.nameBytes).toString('utf8')}"`) as string;
        this.nameBytes = null;
      } else if (this.isBetweenEntries) this.endEntry(at + 1);
      return;
    }
    this.nameBytes?.push(byte);
  }

  private outside(byte: number, at: number): void {
    if (isSpace(byte)) {
      if (this.isBetweenEntries) this.endEntry(at);
      return;
    }
    switch (byte) {
      case quote:
        if (this.depth === 1 && !this.isRootList && this.member === null) this.nameBytes = [];
        else this.beginEntry(at);
        this.inString = true;
        return;
      case openBrace:
      case openBracket:
        this.open(byte, at);
        return;
      case closeBrace:
      case closeBracket:
        this.close(at);
        return;
      case comma:
        if (this.isBetweenEntries) this.endEntry(at);
        if (this.depth === 1) this.member = null;
        return;
      case colon:
        return;
      default:
        this.beginEntry(at);
    }
  }

  private open(byte: number, at: number): void {
    this.beginEntry(at);
    if (this.depth === 0) {
      this.isRootList = byte === openBracket;
      this.rootStart = at;
    }
    this.depth++;
    const isList = this.isRootList ? this.depth === 1 : this.depth === 2 && byte === openBracket;
    if (isList && !this.list)
      this.list = { name: this.isRootList ? null : this.member, start: at, depth: this.depth, count: 0 };
  }

  private close(at: number): void {
    if (this.isBetweenEntries) this.endEntry(at);
    if (this.list?.depth === this.depth) {
      const { name, start, count } = this.list;
      this.parts.push({ kind: 'list', list: name, count, range: { start, end: at + 1 } });
      this.list = null;
    }
    this.depth--;
    if (this.isBetweenEntries) this.endEntry(at + 1);
    if (this.depth === 0) this.parts.push({ kind: 'root', range: { start: this.rootStart, end: at + 1 } });
  }

  /** In a list, and in none of the values in it. */
  private get isBetweenEntries(): boolean {
    return this.list !== null && this.list.depth === this.depth;
  }

  private beginEntry(at: number): void {
    if (this.isBetweenEntries) this.entryStart ??= at;
  }

  private endEntry(end: number): void {
    if (!this.list || this.entryStart === null) return;
    const range = { start: this.entryStart, end };
    this.parts.push({ kind: 'entry', list: this.list.name, index: this.list.count++, range });
    this.entryStart = null;
  }
}
