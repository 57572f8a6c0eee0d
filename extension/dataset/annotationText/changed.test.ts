import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedCoco } from './changedCoco';
import { changedVoc } from './changedVoc';
import { changedYolo, YoloDescription } from './changedYolo';
import type { EntryChange } from './splices';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'changed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Changes = [number, EntryChange][];

async function coco(text: string, changes: Changes, list: string | null = 'annotations'): Promise<string> {
  const path = join(folder, 'coco.json');
  writeFileSync(path, text);
  const parts: Uint8Array[] = [];
  for await (const part of changedCoco(path, list, new Map(changes))) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

const document = {
  info: { note: 'é, "quoted" [1, 2]' },
  categories: [
    { supercategory: 'x', id: 3, name: 'cat' },
    { id: 7, name: 'dog' },
  ],
  annotations: Array.from({ length: 4 }, (_, id) => ({
    id,
    category_id: 3,
    note: `😀 ${id}`,
    bbox: [1, 2, 3, 4],
  })),
  licenses: [],
};

describe('a copy of COCO annotations', () => {
  it.each([[[]], [[0]], [[3]], [[1, 2]], [[0, 1]], [[2, 3]], [[0, 2]], [[0, 1, 2, 3]]])(
    'lacks entries %j and is else the same, however it is indented',
    async (dropped) => {
      const left = {
        ...document,
        annotations: document.annotations.filter(({ id }) => !dropped.includes(id)),
      };
      for (const indent of [undefined, 2, '\t']) {
        const text = JSON.stringify(document, null, indent);
        const changed = await coco(
          text,
          dropped.map((at) => [at, 'drop']),
        );
        expect(JSON.parse(changed)).toEqual(left);
        if (left.annotations.length > 0) expect(changed).toBe(JSON.stringify(left, null, indent));
      }
    },
  );

  it('calls entries by a class it has, and adds one it lacks once, as the last is written', async () => {
    for (const indent of [undefined, 1]) {
      const text = `${JSON.stringify(document, null, indent)}\n`;
      const changed = await coco(text, [
        [0, { class: 'forklift "x"' }],
        [1, 'drop'],
        [2, { class: 'dog' }],
        [3, { class: 'forklift "x"' }],
      ]);
      const [first, , third, fourth] = document.annotations;
      const expected = {
        ...document,
        categories: [...document.categories, { id: 8, name: 'forklift "x"' }],
        annotations: [
          { ...first, category_id: 8 },
          { ...third, category_id: 7 },
          { ...fourth, category_id: 8 },
        ],
      };
      expect(changed).toBe(`${JSON.stringify(expected, null, indent)}\n`);
    }
  });

  it('keeps numbers as they were written, and the order of what stands around', async () => {
    const text =
      '{"annotations" : [ {"id":1e2, "bbox":[1.50,2,3,4], "category_id":1} , {"id":12345678901234567890} ], "categories":[]}';
    expect(await coco(text, [[0, { class: 'cat' }]])).toBe(
      text.replace('"categories":[]', '"categories":[{"id": 1, "name": "cat"}]'),
    );
    expect(await coco(text, [[0, 'drop']])).toBe(text.replace(/\{"id":1e2.*?\} , /, ''));
  });

  it('is given categories, and an annotation its first, where it had none', async () => {
    const text = '{\n"annotations": [{"id": 1}]\n}\n';
    const changed = await coco(text, [[0, { class: 'cat' }]]);
    expect(JSON.parse(changed)).toEqual({
      annotations: [{ category_id: 1, id: 1 }],
      categories: [{ id: 1, name: 'cat' }],
    });
  });

  it('of results is a list', async () => {
    expect(await coco('[{"a":1}, {"a":2}]\n', [[1, 'drop']], null)).toBe('[{"a":1}]\n');
  });
});

describe('a copy of YOLO labels', () => {
  const numberOf = (name: string) => ({ dog: 1, forklift: 12 })[name] ?? -1;

  it('lacks lines, has other numbers in others, and is else the same', () => {
    const text = '0 .5 .50 .1 .1\r\n\r\n\t3 .5 .5 .2 .2 0.9\r\n7 .1 .1 .2 .1';
    const changes: Changes = [
      [0, 'drop'],
      [2, { class: 'forklift' }],
    ];
    expect(changedYolo(text, new Map(changes), numberOf)).toBe('\r\n\t12 .5 .5 .2 .2 0.9\r\n7 .1 .1 .2 .1');
    expect(changedYolo(text, new Map<number, EntryChange>([[3, 'drop']]), numberOf)).toBe(text.slice(0, -13));
  });

  it.each([
    ['names: [cat, dog]\n', 'names: [cat, dog, forklift]\n', 2],
    [
      '# set\nnc: 2 # two\nnames:\n  - cat\n  - dog\npath: .\n',
      '# set\nnc: 3 # two\nnames:\n  - cat\n  - dog\n  - forklift\npath: .\n',
      2,
    ],
    [
      'names:\n  0: cat\n  5: dog # five\ntrain: images\n',
      'names:\n  0: cat\n  5: dog # five\n  6: forklift\ntrain: images\n',
      6,
    ],
  ])('adds a class to its description: %j', (text, expected, number) => {
    const description = new YoloDescription(text);
    expect(description.numberOf('dog')).toBe(number - 1);
    expect(description.toString()).toBe(text);
    expect(description.numberOf('forklift')).toBe(number);
    expect(description.numberOf('forklift')).toBe(number);
    expect(description.toString()).toBe(expected);
  });
});

describe('a copy of a Pascal VOC file', () => {
  const object = (name: string) =>
    `  <object>\r\n    <name>${name}</name>\r\n    <part><name>head</name></part>\r\n  </object>\r\n`;
  const file = (...objects: string[]) =>
    `<?xml version="1.0"?>\r\n<annotation>\r\n  <folder>é</folder><!-- <object> -->\r\n${objects.join('')}</annotation>\r\n`;

  it('lacks objects with their lines, names others anew, and is else the same', () => {
    const text = file(object('cat'), object('dog'), object('horse'));
    const changes: Changes = [
      [0, 'drop'],
      [2, { class: 'R&B <3 &amp;' }],
    ];
    expect(changedVoc(text, new Map(changes))).toBe(file(object('dog'), object('R&amp;B &lt;3 &amp;')));
  });

  it('loses the object alone where others share its line', () => {
    const text = '<annotation><object><name>a</name></object><object><name>b</name></object></annotation>';
    expect(changedVoc(text, new Map<number, EntryChange>([[0, 'drop']]))).toBe(
      '<annotation><object><name>b</name></object></annotation>',
    );
  });
});
