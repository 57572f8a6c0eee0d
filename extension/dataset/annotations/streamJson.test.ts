import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCoco } from './coco';
import { streamJson } from './streamJson';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'json-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(content: string | Uint8Array): string {
  const path = join(folder, 'file.json');
  writeFileSync(path, content);
  return path;
}

async function read(content: string | Uint8Array) {
  const entries: [string | null, unknown][] = [];
  const outline = await streamJson(write(content), (entry, list) => entries.push([list, entry]));
  return { outline, entries };
}

describe('a JSON file read as a stream', () => {
  it('hands out the entries of its lists, and tells what members there are', async () => {
    const { outline, entries } = await read(
      '\uFEFF {"info": {"images": [7]}, "images": [{"id": 1, "deep": [[1]]}, 2], "annotations": [], "n": null}\n ',
    );
    expect(entries).toEqual([
      ['images', { id: 1, deep: [[1]] }],
      ['images', 2],
    ]);
    expect(outline).toEqual({
      info: { images: [7] },
      images: [undefined, undefined],
      annotations: [],
      n: null,
    });
  });

  it('hands out all entries where the file is a list', async () => {
    expect((await read('[{"a": 1}, [2], 3]')).entries).toEqual([
      [null, { a: 1 }],
      [null, [2]],
      [null, 3],
    ]);
    expect((await read('[]')).outline).toEqual([]);
    expect((await read('{}')).outline).toEqual({});
    expect((await read('12')).outline).toBe(12);
  });

  it('hands out every entry once, whole and in order, wherever the pieces end', async () => {
    const entry = (at: number) => ({
      at,
      words: `"é😀\\ ${'x'.repeat(at % 50)}`,
      rows: [[at, 1.5], [], [{ deep: [at] }]],
    });
    const first = Array.from({ length: 9000 }, (_, at) => entry(at));
    const lists = { first, rows: first.map(({ rows }) => rows), numbers: first.map(({ at }) => at * 1.25) };
    const { entries } = await read(JSON.stringify(lists));
    for (const [name, list] of Object.entries(lists))
      expect(entries.filter(([of]) => of === name).map(([, value]) => value)).toEqual(list);
    const names = entries.map(([name]) => name);
    expect(names.indexOf('rows')).toBe(9000);
    expect((await read(JSON.stringify(lists.rows))).entries.map(([, value]) => value)).toEqual(lists.rows);
  });

  it.each([
    ['', 'Unexpected end of JSON input'],
    ['{"images": [{"id": 1}', 'Unexpected end of JSON input'],
    ['{"images": ', 'Unexpected end of JSON input'],
    ['{"images": [1,]}', 'Unexpected token'],
    ['{"images" 1}', "Expected ':'"],
    ['{} {}', ''],
    ['{"score": NaN}', 'Unexpected token'],
    ['not at all', 'Unexpected token'],
  ])('says of %j: %s', async (content, reason) => {
    await expect(read(content)).rejects.toThrow(
      new RegExp(`file\\.json is not JSON: ${reason}.*\\. Repair it, or choose other boxes\\.$`),
    );
  });

  it('says that a file is gone, and hides no fault of the one who takes the entries', async () => {
    await expect(streamJson(join(folder, 'gone.json'), () => undefined)).rejects.toThrow(
      /gone\.json cannot be read: .* Make it readable/,
    );
    const taken = streamJson(write('[1]'), () => {
      throw new TypeError('mine');
    });
    await expect(taken).rejects.toThrow(TypeError);
  });
});

describe('a large COCO file', () => {
  it('is read with memory for its boxes, not for its text', async () => {
    const path = join(folder, 'instances.json');
    const file = openSync(path, 'w');
    writeSync(file, '{"info": {}, "annotations": [\n');
    const polygon = JSON.stringify(Array.from({ length: 2500 }, (_, at) => 100.25 + (at % 7)));
    for (let id = 1; id <= 3000; id++)
      writeSync(
        file,
        `{"id": ${id}, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "segmentation": [${polygon}]},\n`,
      );
    writeSync(file, '{"id": 0, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}], ');
    writeSync(file, '"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "cat"}]}');
    closeSync(file);
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() - before)), 5);
    const annotations = await readCoco(path, ['a.jpg']);
    clearInterval(watch);
    const { boxes } = (await annotations.boxesOf('a.jpg', 10, 10))!;
    expect(boxes).toHaveLength(3001);
    expect(boxes.every(({ label }) => label === 'cat')).toBe(true);
    expect(most / 2 ** 20).toBeLessThan(120);
  });
});
