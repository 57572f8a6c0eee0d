import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishedImage, finishedObject, newScan } from '../../../test/fixtures/inventedRecords';
import type { AnnotationFormat } from '../../protocol/annotations';
import type { BoundingBox } from '../../protocol/results';
import { ScanStore } from '../../store/scanStore';
import { annotationPlace } from './annotationPlace';
import { ScanAnnotations } from './scanAnnotations';

let folder: string;
let store: ScanStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'place-'));
  mkdirSync(join(folder, '.uni-ood'));
  store = ScanStore.open(join(folder, '.uni-ood'));
  writeFileSync(join(folder, 'a.jpg'), '');
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(file: string, content: unknown): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A scan of one photo, 100 × 80, with these objects. */
function scanned(
  boxes: string,
  format: AnnotationFormat | null,
  objects: [id: string, bbox: BoundingBox, label?: string | null][],
  named: string | null = null,
): void {
  const { configuration } = newScan();
  const annotations = format && { format, named };
  store.beginScan(
    newScan({ configuration: { ...configuration, boxes }, annotations }),
    '2026-01-02T03:04:05Z',
  );
  store.recordImage(
    'scan-1',
    finishedImage('a.jpg', 0),
    objects.map(([id, bbox, label = 'cat'], at) => finishedObject(id, 0.5, { bbox, label, ordinal: at + 1 })),
  );
}

const find = (id: string, annotations = new ScanAnnotations()) =>
  annotationPlace(store, annotations, { folder, scanId: 'scan-1' }, id);

const coco = (...annotations: { id: number; bbox: number[] }[]) => ({
  images: [{ id: 1, file_name: 'a.jpg' }],
  categories: [{ id: 7, name: 'cat' }],
  annotations: annotations.map((one) => ({ ...one, image_id: 1, category_id: 7 })),
});

describe('the annotation of an object', () => {
  it('is known by its id in COCO, also where others came before it and its box was moved since', async () => {
    const file = write(
      'instances.json',
      coco({ id: 5, bbox: [1, 2, 30, 40] }, { id: 6, bbox: [1, 2, 30, 40] }),
    );
    scanned('annotations', 'COCO', [
      ['5', [1, 2, 30, 40]],
      ['6', [1, 2, 30, 40]],
    ]);
    const annotations = new ScanAnnotations();
    expect(await find('6', annotations)).toMatchObject({
      file,
      text: expect.stringContaining('"id":6') as string,
    });
    write('instances.json', coco({ id: 9, bbox: [1, 2, 30, 40] }, { id: 6, bbox: [1, 2, 30, 44] }));
    expect((await find('6', annotations)).text).toContain('"id":6');
    expect((await find('5', annotations)).text).toContain('"id":9');
  });

  it('is the line of YOLO with its box, wherever the line stands now', async () => {
    write('data.yaml', 'names: [cat]');
    const lines = ['0 0.5 0.5 0.2 0.2', '0 0.5 0.5 0.25 0.2'];
    const file = write('a.txt', lines.join('\n'));
    scanned('annotations', 'YOLO', [
      ['a.jpg#1', [40, 32, 20, 16]],
      ['a.jpg#2', [37.5, 32, 25, 16]],
    ]);
    expect(await find('a.jpg#2')).toMatchObject({ file, text: lines[1], range: { start: { line: 1 } } });
    write('a.txt', lines[1]);
    expect(await find('a.jpg#2')).toMatchObject({ text: lines[1], range: { start: { line: 0 } } });
    await expect(find('a.jpg#1')).rejects.toThrow(/a\.txt does not hold this object of a\.jpg any more/);
  });

  it('is, for a detected object, the one that gave it its label', async () => {
    write('Annotations/a.xml', voc([40, 32, 60, 48]));
    scanned('detector', 'Pascal VOC', [
      ['near', [38, 30, 22, 18]],
      ['far', [0, 0, 10, 10], null],
    ]);
    expect((await find('near')).text).toMatch(/^<object>.*<\/object>$/s);
    await expect(find('far')).rejects.toThrow(/no annotation overlaps it/);
  });

  it('is looked for in the file that was named', async () => {
    const file = write('elsewhere/boxes.json', coco({ id: 5, bbox: [1, 2, 30, 40] }));
    scanned('f'.repeat(64), 'COCO', [['5', [1, 2, 30, 40]]], file);
    expect((await find('5')).file).toBe(file);
  });

  it('that cannot be had is told in words', async () => {
    scanned('detector', null, [['o', [1, 2, 30, 40], null]]);
    await expect(find('o')).rejects.toThrow(/come from no annotation file/);
    store.removeScan('scan-1');
    scanned('annotations', 'COCO', [['5', [1, 2, 30, 40]]]);
    await expect(find('5')).rejects.toThrow(/COCO annotations of .* are not there any more/);
    store.removeScan('scan-1');
    scanned('annotations', 'Class folders', [['a.jpg#1', [0, 0, 100, 80]]]);
    await expect(find('a.jpg#1')).rejects.toThrow(/not there any more|COCO, YOLO and Pascal VOC/);
  });
});

function voc([xmin, ymin, xmax, ymax]: number[]): string {
  const box = { xmin: xmin + 1, ymin: ymin + 1, xmax, ymax };
  const sides = Object.entries(box).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<annotation>\n  <object>\n    <name>cat</name>\n    <bndbox>${sides.join('')}</bndbox>\n  </object>\n</annotation>\n`;
}
