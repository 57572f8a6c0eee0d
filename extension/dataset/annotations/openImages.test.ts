import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAnnotations, readBoxes } from './findAnnotations';
import { readOpenImages } from './openImages';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-images-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, content: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const header =
  'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside';
const row = (image: string, label: string, ...[xMin, xMax, yMin, yMax]: (number | string)[]) =>
  `${image},xclick,${label},1,${xMin},${xMax},${yMin},${yMax},0,0,0,0,0`;
const names = '/m/011k07,Tortoise\n/m/0bt9lr,Dog\n/m/04dr76w,Bottle\n';

describe('Open Images', () => {
  it('gives boxes in pixels of the image, with names from the file beside it', async () => {
    write('class-descriptions-boxable.csv', names);
    write(
      'oidv6-class-descriptions.csv',
      'LabelName,DisplayName\r\n/m/0bt9lr,Hound\r\n/m/x,"Ham, smoked"\r\n',
    );
    const path = write(
      'validation-annotations-bbox.csv',
      `\uFEFF${header}\r\n${[
        row('0001eeaf4aed83f9', '/m/0bt9lr', 0.25, 0.5, 0.1, 0.3),
        row('0001eeaf4aed83f9', '/m/x', 0, 1, 0, 1),
        row('000595fe6fee6369', '/m/04dr76w', 0, 0.5, 0, 0.5),
      ].join('\r\n')}\r\n`,
    );
    const annotations = await readOpenImages(path, ['val/0001eeaf4aed83f9.jpg', '000595fe6fee6369.jpg']);
    expect((await annotations.boxesOf('val/0001eeaf4aed83f9.jpg', 1000, 500))?.boxes).toEqual([
      { id: '1', label: 'Dog', box: { x: 250, y: 50, width: 250, height: 100 }, score: null },
      { id: '2', label: 'Ham, smoked', box: { x: 0, y: 0, width: 1000, height: 500 }, score: null },
    ]);
    expect(annotations.classNames).toEqual(['Bottle', 'Dog', 'Ham, smoked']);
    expect(annotations.problems).toEqual([]);
  });

  it('tells what it left out', async () => {
    write('class-descriptions-boxable.csv', names);
    const path = write(
      'boxes.csv',
      [
        header,
        row('a', '/m/0bt9lr', 'left', 0.5, 0, 0.5),
        'a,xclick,/m/0bt9lr,1,0.1,0.5',
        row('a', '/m/0bt9lr', '', 0.5, 0, 0.5),
        row('a', '/m/0bt9lr', 1.5, 2, 0, 0.5),
        row('a', '/m/0bt9lr', 0.5, 0.1, 0, 0.5),
        row('a', '/m/unheard', 0, 0.5, 0, 0.5),
        row('gone', '/m/0bt9lr', 0, 0.5, 0, 0.5),
        row('gone', '/m/0bt9lr', 0, 0.5, 0, 0.5),
        row('', '/m/0bt9lr', 0, 0.5, 0, 0.5),
      ].join('\n'),
    );
    const annotations = await readOpenImages(path, ['a.jpg']);
    const { boxes, problems } = (await annotations.boxesOf('a.jpg', 100, 100))!;
    expect(boxes).toHaveLength(1);
    expect(boxes[0].label).toBe('/m/unheard');
    expect(problems.map(({ reason }) => reason)).toEqual([
      'Box 1 lies outside the image (100 × 100 pixels); it is left out',
      'Box 2 has no area (-40 × 50); it is left out',
    ]);
    expect(annotations.problems.map(({ reason }) => reason)).toEqual([
      'Line 2 is left out: XMin: expected number',
      expect.stringContaining('Line 3 is left out: YMin: expected'),
      'Line 4 is left out: XMin: expected number',
      'Class /m/unheard has no name in the class descriptions; its id is used',
      'Line 10 is left out: it names no image',
      'It names gone, which is not in the folder',
    ]);
  });

  it('keeps the ids of classes where nothing names them', async () => {
    const path = write('boxes.csv', `${header}\n${row('a', '/m/0bt9lr', 0, 1, 0, 1)}\n`);
    const annotations = await readOpenImages(path, ['a.jpg']);
    expect(annotations.classNames).toEqual(['/m/0bt9lr']);
    expect(annotations.problems[0].reason).toContain('put class-descriptions-boxable.csv there');
  });

  it('is found in a folder, and can be named', async () => {
    write('class-descriptions-boxable.csv', names);
    write('annotations/other.csv', 'file,size\na.jpg,1\n');
    const path = write(
      'annotations/test-annotations-bbox.csv',
      `${header}\n${row('a', '/m/0bt9lr', 0, 1, 0, 1)}\n`,
    );
    const { annotations, problems } = await findAnnotations(folder, ['test/a.jpg']);
    expect(annotations).toMatchObject({ format: 'Open Images', source: path, classNames: ['Dog'] });
    expect(problems).toEqual([]);
    expect((await readBoxes(path, folder, ['test/a.jpg'])).format).toBe('Open Images');
  });

  it('says what is wrong with a broken file', async () => {
    await expect(readOpenImages(write('a.csv', 'ImageID,LabelName,XMin\na,b,1\n'), [])).rejects.toThrow(
      /a\.csv is not an Open Images file of boxes: its first line lacks XMax, YMin, YMax\. Repair it/,
    );
    await expect(readOpenImages(write('empty.csv', ''), [])).rejects.toThrow('lacks ImageID');
    expect((await readOpenImages(write('none.csv', header), [])).imagesWithBoxes).toBe(0);
    await expect(readBoxes(write('other.csv', 'x,y\n1,2\n'), folder, [])).rejects.toThrow('lacks ImageID');
    await expect(readOpenImages(join(folder, 'gone.csv'), [])).rejects.toThrow(/gone\.csv cannot be read: /);
  });

  it('is read with memory for its boxes, not for its text', async () => {
    const path = join(folder, 'train-annotations-bbox.csv');
    const file = openSync(path, 'w');
    writeSync(file, `${header}\n`);
    const image = (at: number) => at.toString(16).padStart(16, '0');
    for (let at = 0; at < 60_000; at++)
      writeSync(file, `${row(image(at), '/m/0bt9lr', 0.123456, 0.654321, 0.111111, 0.222222)}\n`.repeat(10));
    closeSync(file);
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() - before)), 5);
    const annotations = await readOpenImages(path, [`${image(0)}.jpg`, `${image(59_999)}.jpg`]);
    clearInterval(watch);
    expect(annotations.imagesWithBoxes).toBe(2);
    expect((await annotations.boxesOf(`${image(59_999)}.jpg`, 100, 100))?.boxes).toHaveLength(10);
    expect(annotations.problems[1].reason).toContain('It names 59998 images that are not in the folder');
    expect(most / 2 ** 20).toBeLessThan(120);
  });
});
