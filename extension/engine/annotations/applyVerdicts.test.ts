import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BoundingBox } from '../../protocol/results';
import { applyVerdicts } from './applyVerdicts';
import { ScanAnnotations } from './scanAnnotations';
import { cocoOf, ScannedFolder, vocOf } from './scannedFolder.fixture';

let dataset: ScannedFolder;
beforeEach(() => {
  dataset = new ScannedFolder();
});
afterEach(() => dataset.dispose());

const output = (name = 'copy') => join(dataset.around, name);
const apply = (place = output(), keepNamed = false) =>
  applyVerdicts(dataset.store, new ScanAnnotations(), dataset.reference, { keepNamed }, place);

const boxes: BoundingBox[] = [
  [0, 0, 10, 10],
  [20, 0, 10, 10],
  [40, 0, 10, 10],
  [60, 0, 10, 10],
  [0, 40, 10, 10],
  [20, 40, 10, 10],
];
const verdicts = {
  drop: { verdict: 'ood' },
  named: { verdict: 'ood', class: 'forklift' },
  ignore: { verdict: 'ignored' },
  dog: { verdict: 'id', class: 'dog' },
  cat: { verdict: 'id', class: 'cat' },
} as const;
const given = Object.values(verdicts);
const none = { unmatched: 0, unnamed: 0, newClasses: [] };

function decideAll(idOf: (at: number) => string): void {
  dataset.decide(Object.fromEntries(given.map((verdict, at) => [idOf(at), verdict])));
}

describe('verdicts applied to a copy of COCO annotations', () => {
  const document = {
    ...cocoOf(...boxes.map((bbox, at) => ({ id: at + 10, bbox, iscrowd: 0, mine: { at } }))),
    info: { year: 2026 },
  };
  let original: string;
  beforeEach(() => {
    original = dataset.write('annotations/instances.json', JSON.stringify(document, null, 2));
    dataset.scanned(
      'annotations',
      'COCO',
      boxes.map((bbox, at) => [String(at + 10), bbox]),
    );
    decideAll((at) => String(at + 10));
  });

  it('drop what is out or ignored, relabel what is in, and leave all else', async () => {
    const before = readFileSync(original);
    const applied = await apply();
    const counts = { dropped: 3, relabelled: 1, confirmed: 1, files: 1, output: output() };
    expect(applied).toEqual({ ...none, ...counts, newClasses: ['dog'] });
    const [, , , fourth, fifth, sixth] = document.annotations;
    const expected = {
      ...document,
      categories: [...document.categories, { id: 8, name: 'dog' }],
      annotations: [{ ...fourth, category_id: 8 }, fifth, sixth],
    };
    expect(readFileSync(output(), 'utf8')).toBe(JSON.stringify(expected, null, 2));
    expect(readFileSync(original)).toEqual(before);
  });

  it('keep what has a new name under it, where that is asked for', async () => {
    const applied = await apply(output(), true);
    expect(applied).toMatchObject({ dropped: 2, relabelled: 2, newClasses: ['forklift', 'dog'] });
    const copy = JSON.parse(readFileSync(output(), 'utf8')) as typeof document;
    expect(copy.categories.map(({ name }) => name)).toEqual(['cat', 'forklift', 'dog']);
    expect(copy.annotations.map(({ id, category_id }) => [id, category_id])).toEqual([
      [11, 8],
      [13, 9],
      [14, 7],
      [15, 7],
    ]);
  });

  it('never go over the original, by whatever name', async () => {
    symlinkSync(original, output('symbolic'));
    linkSync(original, output('hard'));
    const before = readFileSync(original);
    for (const place of [original, output('symbolic'), output('hard')])
      await expect(apply(place)).rejects.toThrow(/is the annotation file itself/);
    await expect(apply(dataset.around)).rejects.toThrow(/is a folder/);
    expect(readFileSync(original)).toEqual(before);
  });

  it('say which verdicts found no annotation', async () => {
    dataset.write('annotations/instances.json', { ...document, annotations: document.annotations.slice(1) });
    expect(await apply()).toMatchObject({ dropped: 2, unmatched: 1 });
  });

  it('are none without a verdict', async () => {
    dataset.store.decide(
      'scan-1',
      given.map((_, at) => ({ id: String(at + 10), decision: null })),
      '2026-01-02T03:04:06Z',
    );
    await expect(apply()).rejects.toThrow(/No object of .* carries a verdict yet/);
    expect(readdirSync(dataset.around)).toEqual(['photos']);
  });
});

describe('verdicts applied to a copy of YOLO labels', () => {
  const lines = boxes.map(
    ([x, y, w, h]) => `0 ${(x + w / 2) / 100} ${(y + h / 2) / 80} ${w / 100} ${h / 80}\n`,
  );

  function labelled(): void {
    dataset.write('labels/a.txt', lines.join(''));
    dataset.write('labels/other/b.txt', '0 .5 .5 .1 .1');
    dataset.write('labels/orphan.txt', '# by hand');
    dataset.scanned(
      'annotations',
      'YOLO',
      boxes.map((bbox, at) => [`a.jpg#${at + 1}`, bbox]),
    );
    decideAll((at) => `a.jpg#${at + 1}`);
  }

  it('are a folder with the labels and the description', async () => {
    labelled();
    const description = dataset.write('data.yaml', 'names: [cat] # one\n');
    const applied = await apply(output(), true);
    expect(applied).toEqual({
      ...none,
      ...{ dropped: 2, relabelled: 2, confirmed: 1, newClasses: ['forklift', 'dog'] },
      ...{ files: 3, output: output() },
    });
    expect(readdirSync(output(), { recursive: true }).sort()).toEqual(
      ['data.yaml', 'labels', 'labels/a.txt', 'labels/orphan.txt'].sort(),
    );
    expect(readFileSync(join(output(), 'labels/a.txt'), 'utf8')).toBe(
      [lines[1].replace('0', '1'), lines[3].replace('0', '2'), lines[4], lines[5]].join(''),
    );
    expect(readFileSync(join(output(), 'labels/orphan.txt'), 'utf8')).toBe('# by hand');
    expect(readFileSync(join(output(), 'data.yaml'), 'utf8')).toBe('names: [cat, forklift, dog] # one\n');
    expect(readFileSync(description, 'utf8')).toBe('names: [cat] # one\n');
  });

  it('relabel nothing where no file numbers the classes', async () => {
    labelled();
    const applied = await apply(output(), true);
    expect(applied).toMatchObject({ dropped: 2, relabelled: 0, unnamed: 3, confirmed: 0, newClasses: [] });
    expect(readFileSync(join(output(), 'a.txt'), 'utf8')).toBe(
      [lines[1], lines[3], lines[4], lines[5]].join(''),
    );
  });

  it('go into no folder that holds anything, and into no file', async () => {
    labelled();
    mkdirSync(output());
    await apply();
    await expect(apply()).rejects.toThrow(/is not empty/);
    await expect(apply(join(dataset.folder, 'labels'))).rejects.toThrow(/is not empty/);
    writeFileSync(output('file'), '');
    await expect(apply(output('file'))).rejects.toThrow(/is a file/);
  });
});

describe('verdicts applied to a copy of Pascal VOC files', () => {
  it('reach the annotations that detected objects were matched with', async () => {
    const corners = boxes.map(([x, y, w, h]): [number, number, number, number] => [x, y, x + w, y + h]);
    const original = dataset.write('Annotations/a.xml', vocOf(...corners));
    const detected = boxes.map(([x, y, w, h], at) => [`d${at}`, [x, y, w, h + 2]] as [string, BoundingBox]);
    dataset.scanned('detector', 'Pascal VOC', [...detected, ['alone', [70, 60, 9, 9], null]]);
    decideAll((at) => `d${at}`);
    dataset.decide({ alone: { verdict: 'ood' } });
    const before = readFileSync(original, 'utf8');
    const applied = await apply();
    expect(applied).toMatchObject({ dropped: 3, relabelled: 1, confirmed: 1, unmatched: 1, files: 1 });
    const [fourth, ...others] = [vocOf(corners[3]), vocOf(corners[4]), vocOf(corners[5])].map((text) =>
      text.split('\n').slice(1, -2).join('\n'),
    );
    expect(readFileSync(join(output(), 'a.xml'), 'utf8')).toBe(
      ['<annotation>', fourth.replace('cat', 'dog'), ...others, '</annotation>', ''].join('\n'),
    );
    expect(readFileSync(original, 'utf8')).toBe(before);
  });
});
