import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBdd } from './bdd';
import { findAnnotations, readBoxes } from './findAnnotations';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bdd-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, content: unknown): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** Two frames of the file of 2018, as it is written. */
const labels2018 = [
  {
    name: 'b1c66a42-6f7d68ca.jpg',
    attributes: { weather: 'overcast', scene: 'city street', timeofday: 'daytime' },
    timestamp: 10000,
    labels: [
      {
        category: 'traffic sign',
        attributes: { occluded: false, truncated: false, trafficLightColor: 'none' },
        manualShape: true,
        manualAttributes: true,
        box2d: { x1: 1000.698742, y1: 281.992415, x2: 1040.626872, y2: 326.91156 },
        id: 0,
      },
      {
        category: 'drivable area',
        attributes: { areaType: 'direct' },
        manualShape: true,
        manualAttributes: true,
        poly2d: [{ vertices: [[300, 400]], types: 'L', closed: true }],
        id: 8,
      },
      { category: 'car', box2d: { x1: 0, y1: 10, x2: 9, y2: 29 }, id: 9 },
    ],
  },
  { name: 'b1c81faa-3df17267.jpg', attributes: {}, timestamp: 10000, labels: [] },
];

describe('BDD100K', () => {
  it('gives the boxes of the labels of 2018; the last pixel belongs to a box, lanes and areas are none', async () => {
    const path = write('bdd100k_labels_images_val.json', labels2018);
    const annotations = await readBdd(path, ['b1c66a42-6f7d68ca.jpg', 'b1c81faa-3df17267.jpg']);
    const { boxes, problems } = (await annotations.boxesOf('b1c66a42-6f7d68ca.jpg', 1280, 720))!;
    expect(boxes.map(({ id, label, score }) => [id, label, score])).toEqual([
      ['0', 'traffic sign', null],
      ['9', 'car', null],
    ]);
    expect(boxes[0].box.width).toBeCloseTo(1040.626872 - 1000.698742 + 1, 9);
    expect(boxes[1].box).toEqual({ x: 0, y: 10, width: 10, height: 20 });
    expect(problems).toEqual([]);
    expect(annotations.classNames).toEqual(['car', 'traffic sign']);
    expect(annotations.problems).toEqual([]);
    // A frame without a box says that there is no object.
    expect((await annotations.boxesOf('b1c81faa-3df17267.jpg', 1280, 720))?.boxes).toEqual([]);
    expect(await annotations.boxesOf('unnamed.jpg', 1280, 720)).toBeUndefined();
  });

  it('gives the boxes of the Scalabel form, of videos too, with the classes of its configuration', async () => {
    const frame = (videoName: string, x1: number) => ({
      name: '0001.jpg',
      videoName,
      labels: [{ id: 'a', category: 'car', score: 0.5, box2d: { x1, y1: 0, x2: x1 + 4, y2: 4 } }],
    });
    const categories = [
      { name: 'human', subcategories: [{ name: 'pedestrian' }, { name: 'rider' }] },
      { name: 'car' },
    ];
    const path = write('det.json', {
      frames: [frame('one', 1), frame('two', 2)],
      groups: null,
      config: { imageSize: { width: 1280, height: 720 }, categories },
    });
    const annotations = await readBdd(path, ['one/0001.jpg', 'two/0001.jpg']);
    expect((await annotations.boxesOf('two/0001.jpg', 100, 100))?.boxes).toEqual([
      { id: 'a', label: 'car', box: { x: 2, y: 0, width: 5, height: 5 }, score: 0.5 },
    ]);
    expect(annotations.classNames).toEqual(['pedestrian', 'rider', 'car']);
  });

  it('tells what it left out', async () => {
    const box2d = { x1: 1, y1: 1, x2: 5, y2: 5 };
    const path = write('labels.json', [
      {
        name: 'a.jpg',
        labels: [
          { id: 1, category: 'car', box2d: { x1: 'left', y1: 1, x2: 2, y2: 2 } },
          { id: 2, category: 'car', box2d: { x1: 500, y1: 1, x2: 510, y2: 2 } },
          { id: 3, category: 'car', box2d: { x1: 9, y1: 1, x2: 2, y2: 2 } },
          { id: 4, category: 'car', box2d },
          { id: 4, box2d },
          { box2d: null },
        ],
      },
      { name: 'gone.jpg', labels: [{ box2d }] },
      { labels: 7 },
    ]);
    const annotations = await readBdd(path, ['a.jpg']);
    const { boxes, problems } = (await annotations.boxesOf('a.jpg', 100, 100))!;
    expect(boxes.map(({ id, label }) => [id, label])).toEqual([
      ['4', 'car'],
      ['4#2', null],
    ]);
    expect(problems.map(({ reason }) => reason)).toEqual([
      'Box 2 lies outside the image (100 × 100 pixels); it is left out',
      'Box 3 has no area (-6 × 2); it is left out',
    ]);
    const reasons = annotations.problems.map(({ reason }) => reason).join('\n');
    expect(reasons).toContain('Label 1 of a.jpg is left out: box2d.x1: expected number');
    expect(reasons).toContain('Annotation id 4 is used again');
    expect(reasons).toContain('Frame 3 is left out');
    expect(reasons).toContain('It names gone.jpg, which is not in the folder');
  });

  it('is found in a folder, and can be named', async () => {
    const path = write('labels/det_20/det_val.json', labels2018);
    const images = ['images/100k/val/b1c66a42-6f7d68ca.jpg'];
    expect((await findAnnotations(folder, images)).annotations).toMatchObject({
      format: 'BDD100K',
      source: path,
    });
    expect((await readBoxes(path, folder, images)).format).toBe('BDD100K');
  });

  it('says what is wrong with a broken file', async () => {
    const broken = write('broken.json', JSON.stringify(labels2018).slice(0, -40));
    await expect(readBdd(broken, [])).rejects.toThrow(/broken\.json is not JSON: .*\. Repair it/);
    const { annotations, problems } = await findAnnotations(folder, ['a.jpg']);
    expect(annotations).toBeUndefined();
    expect(problems.map(({ file }) => file)).toEqual([broken]);
    expect(problems[0].reason).toContain('Is not JSON');
    await expect(readBdd(write('other.json', '{"labels": []}'), [])).rejects.toThrow(
      'other.json is not a BDD100K file',
    );
  });

  it('is read with memory for its boxes, not for its text', async () => {
    const path = join(folder, 'large.json');
    const file = openSync(path, 'w');
    const lane = {
      category: 'lane',
      poly2d: [{ vertices: Array.from({ length: 1500 }, () => [640.125, 360.75]) }],
    };
    const car = { category: 'car', box2d: { x1: 1, y1: 2, x2: 30, y2: 40 } };
    const labels = JSON.stringify([lane, car, lane], null, 1);
    for (let at = 0; at < 500; at++)
      writeSync(file, `${at === 0 ? '[' : ',\n'}{"name": "${at}.jpg", "labels": ${labels}}`);
    writeSync(file, ']');
    closeSync(file);
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() - before)), 5);
    const annotations = await readBdd(path, ['0.jpg', '499.jpg']);
    clearInterval(watch);
    expect(annotations.imagesWithBoxes).toBe(2);
    expect(annotations.problems[0].reason).toBe(
      'It names 498 images that are not in the folder, first 1.jpg',
    );
    expect(most / 2 ** 20).toBeLessThan(120);
  });
});
