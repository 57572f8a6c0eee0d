import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { annotationPlace } from './annotationPlace';
import { ScanAnnotations } from './scanAnnotations';
import { cocoOf, ScannedFolder, vocOf } from './scannedFolder.fixture';

let dataset: ScannedFolder;
beforeEach(() => {
  dataset = new ScannedFolder();
});
afterEach(() => dataset.dispose());

const find = (id: string, annotations = new ScanAnnotations()) =>
  annotationPlace(dataset.store, annotations, dataset.reference, id);

describe('the annotation of an object', () => {
  it('is known by its id in COCO, also where others came before it and its box was moved since', async () => {
    const file = dataset.write(
      'instances.json',
      cocoOf({ id: 5, bbox: [1, 2, 30, 40] }, { id: 6, bbox: [1, 2, 30, 40] }),
    );
    dataset.scanned('annotations', 'COCO', [
      ['5', [1, 2, 30, 40]],
      ['6', [1, 2, 30, 40]],
    ]);
    const annotations = new ScanAnnotations();
    expect(await find('6', annotations)).toMatchObject({
      file,
      text: expect.stringContaining('"id":6') as string,
    });
    dataset.write('instances.json', cocoOf({ id: 9, bbox: [1, 2, 30, 40] }, { id: 6, bbox: [1, 2, 30, 44] }));
    expect((await find('6', annotations)).text).toContain('"id":6');
    expect((await find('5', annotations)).text).toContain('"id":9');
  });

  it('is the line of YOLO with its box, wherever the line stands now', async () => {
    dataset.write('data.yaml', 'names: [cat]');
    const lines = ['0 0.5 0.5 0.2 0.2', '0 0.5 0.5 0.25 0.2'];
    const file = dataset.write('a.txt', lines.join('\n'));
    dataset.scanned('annotations', 'YOLO', [
      ['a.jpg#1', [40, 32, 20, 16]],
      ['a.jpg#2', [37.5, 32, 25, 16]],
    ]);
    expect(await find('a.jpg#2')).toMatchObject({ file, text: lines[1], range: { start: { line: 1 } } });
    dataset.write('a.txt', lines[1]);
    expect(await find('a.jpg#2')).toMatchObject({ text: lines[1], range: { start: { line: 0 } } });
    await expect(find('a.jpg#1')).rejects.toThrow(/a\.txt does not hold this object of a\.jpg any more/);
  });

  it('is, for a detected object, the one that gave it its label', async () => {
    dataset.write('Annotations/a.xml', vocOf([40, 32, 60, 48]));
    dataset.scanned('detector', 'Pascal VOC', [
      ['near', [38, 30, 22, 18]],
      ['far', [0, 0, 10, 10], null],
    ]);
    expect((await find('near')).text).toMatch(/^<object>.*<\/object>$/s);
    await expect(find('far')).rejects.toThrow(/no annotation overlaps it/);
  });

  it('is looked for in the file that was named', async () => {
    const file = dataset.write('elsewhere/boxes.json', cocoOf({ id: 5, bbox: [1, 2, 30, 40] }));
    dataset.scanned('f'.repeat(64), 'COCO', [['5', [1, 2, 30, 40]]], file);
    expect((await find('5')).file).toBe(file);
  });

  it('that cannot be had is told in words', async () => {
    dataset.scanned('detector', null, [['o', [1, 2, 30, 40], null]]);
    await expect(find('o')).rejects.toThrow(/come from no annotation file/);
    dataset.store.removeScan('scan-1');
    dataset.scanned('annotations', 'COCO', [['5', [1, 2, 30, 40]]]);
    await expect(find('5')).rejects.toThrow(/COCO annotations of .* are not there any more/);
    dataset.store.removeScan('scan-1');
    dataset.scanned('annotations', 'Class folders', [['a.jpg#1', [0, 0, 100, 80]]]);
    await expect(find('a.jpg#1')).rejects.toThrow(/not there any more|COCO, YOLO and Pascal VOC/);
  });
});
