import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTree, type Node } from 'jsonc-parser';
import type { EditableFormat } from '../../protocol/annotationSource';
import type { AnnotationPlace } from '../../protocol/annotations';
import { entryPlace } from './entryPlace';
import { jsonOutline, type OutlinePart } from './jsonOutline';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What an editor would select: its lines hold no byte order mark. */
function selected({ file, range: { start, end } }: AnnotationPlace): string {
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/(?<=\r\n|\r(?!\n)|\n)/);
  if (start.line === end.line) return lines[start.line].slice(start.character, end.character);
  const between = lines.slice(start.line + 1, end.line).join('');
  return lines[start.line].slice(start.character) + between + lines[end.line].slice(0, end.character);
}

const place = async (format: EditableFormat, file: string, entry: number): Promise<string | undefined> => {
  const found = await entryPlace(format, file, entry);
  if (found) expect(selected(found)).toBe(found.text);
  return found?.text;
};

async function outlined(text: string): Promise<OutlinePart[]> {
  const parts: OutlinePart[] = [];
  for await (const part of jsonOutline(write('outline.json', text))) parts.push(part);
  return parts;
}

describe('the outline of a JSON file', () => {
  it.each([
    '{"a": [1, "x,]", {"b": [1, [2]]}, [], null ,-2.5e3,true], "c": {"d": [9]}, "e\\"\\u00e9": [[3], "\\\\"], "n": 3}',
    '[{"a": "}"}, 7, "😀"]\n',
    '\n{ "list" :\r\n[\r\n]\r\n, "é": [ "é" , 1 ] }',
    '[]',
    '{}',
  ])('stands where a parser with offsets finds lists and entries: %s', async (text) => {
    const root = parseTree(text)!;
    const bytes = (node: Node) => ({
      start: Buffer.byteLength(text.slice(0, node.offset)),
      end: Buffer.byteLength(text.slice(0, node.offset + node.length)),
    });
    const lists: [string | null, Node][] =
      root.type === 'array'
        ? [[null, root]]
        : root.children!.map(({ children: [name, value] = [] }) => [name.value as string, value]);
    const expected = lists
      .filter(([, { type }]) => type === 'array')
      .flatMap(([list, node]) => [
        ...node.children!.map((entry, index) => ({ kind: 'entry', list, index, range: bytes(entry) })),
        { kind: 'list', list, count: node.children!.length, range: bytes(node) },
      ]);
    expect(await outlined(text)).toEqual([...expected, { kind: 'root', range: bytes(root) }]);
  });
});

describe('the place of an annotation', () => {
  const annotations = Array.from({ length: 3 }, (_, id) => ({
    id,
    note: `é😀 ${id}, ]}"`,
    bbox: [id, 1, 2, 3],
  }));

  it.each([undefined, 1, 2])('in COCO is the entry, indented by %s', async (indent) => {
    const text = JSON.stringify(
      { info: { annotations: [7] }, images: [1], annotations, z: [0] },
      null,
      indent,
    );
    for (const [name, written] of [
      ['a.json', text],
      ['b.json', `\uFEFF${text.replaceAll('\n', '\r\n')}`],
    ] as const) {
      const file = write(name, written);
      for (const annotation of annotations)
        expect(JSON.parse((await place('COCO', file, annotation.id))!)).toEqual(annotation);
      expect(await place('COCO', file, 3)).toBeUndefined();
    }
  });

  it('in COCO is found beyond the first piece of a large file', async () => {
    const many = Array.from({ length: 60_000 }, (_, id) => ({ id, name: `é${id}`, bbox: [1, 2, 3, 4] }));
    const file = write('large.json', JSON.stringify({ annotations: many }, null, 1));
    expect(JSON.parse((await place('COCO', file, 59_998))!)).toEqual(many[59_998]);
  });

  it('in COCO results is the entry of the list', async () => {
    const file = write('results.json', JSON.stringify(annotations));
    expect(JSON.parse((await place('COCO results', file, 1))!)).toEqual(annotations[1]);
  });

  it('in YOLO is the line', async () => {
    const file = write('a.txt', '0 .5 .5 .1 .1\r\n\r\n3 .5 .5 .2 .2\n');
    expect(await place('YOLO', file, 2)).toBe('3 .5 .5 .2 .2');
    expect(await place('YOLO', file, 9)).toBeUndefined();
  });

  it('in Pascal VOC is the object, and no part of one', async () => {
    const file = write(
      'a.xml',
      '\uFEFF<?xml version="1.0"?>\r\n<annotation><!-- <object> -->\r\n <object><name>a</name><part><object/></part></object>\r\n\t<object>\r\n <name>é😀</name></object></annotation>',
    );
    expect(await place('Pascal VOC', file, 0)).toBe('<object><name>a</name><part><object/></part></object>');
    expect(await place('Pascal VOC', file, 1)).toBe('<object>\r\n <name>é😀</name></object>');
    expect(await place('Pascal VOC', file, 2)).toBeUndefined();
  });
});
