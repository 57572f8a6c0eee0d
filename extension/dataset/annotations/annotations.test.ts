import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCoco } from './coco';
import { findAnnotations, readBoxes } from './findAnnotations';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'annotations-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, content: unknown): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const coco = {
  images: [
    { id: 1, file_name: 'a.jpg' },
    { id: 2, file_name: 'gone.jpg' },
  ],
  categories: [{ id: 7, name: 'cat' }],
  annotations: [
    { id: 11, image_id: 1, category_id: 7, bbox: [10, 20, 30, 40] },
    { id: 12, image_id: 1, category_id: 7, bbox: [90, 20, 30, 40] },
    { id: 13, image_id: 1, category_id: 7, bbox: [10, 20, 0, 40] },
    { id: 14, image_id: 1, category_id: 7, bbox: [500, 20, 30, 40] },
    { id: 15, image_id: 9, category_id: 7, bbox: [1, 1, 5, 5] },
    { id: 16, image_id: 1, bbox: ['x', 2, 3, 4] },
  ],
};

describe('COCO', () => {
  it('gives boxes in the order of the file, cut at the image, and tells what it left out', async () => {
    const annotations = await readCoco(write('instances.json', coco), ['a.jpg', 'b.jpg']);
    const ofImage = await annotations.boxesOf('a.jpg', 100, 100);
    expect(ofImage?.boxes).toEqual([
      { id: '11', label: 'cat', box: { x: 10, y: 20, width: 30, height: 40 }, score: null, entry: 0 },
      { id: '12', label: 'cat', box: { x: 90, y: 20, width: 10, height: 40 }, score: null, entry: 1 },
    ]);
    expect(await annotations.boxesOf('b.jpg', 100, 100)).toBeUndefined();
    expect(ofImage?.problems).toEqual([
      { file: 'a.jpg', reason: 'Box 13 has no area (0 × 40); it is left out' },
      { file: 'a.jpg', reason: 'Box 14 lies outside the image (100 × 100 pixels); it is left out' },
    ]);
    const reasons = annotations.problems.map(({ reason }) => reason).join('\n');
    expect(reasons).toContain('It names gone.jpg, which is not in the folder');
    expect(reasons).toContain('names image 9, which the file does not list');
    expect(reasons).toContain('Annotation 6 is left out');
  });

  it('that UNI-OOD exported gives the objects back, and no guess as a word of the dataset', async () => {
    const attributes = { predictedClass: 'cat', detectionScore: 0.5, label: null, verdictClass: null };
    const annotation = { image_id: 1, category_id: 1, bbox: [1, 2, 30, 40], score: 0.9 };
    const exported = [
      { ...attributes, objectId: 'detected' },
      { ...attributes, objectId: 'labelled', label: 'puma', detectionScore: null },
      { ...attributes, objectId: 'judged', predictedClass: 'dog', verdictClass: 'cat', label: 'dog' },
      { ...attributes, objectId: 'renamed since', predictedClass: 'dog', label: 'dog' },
      { occluded: true },
    ];
    const document = {
      annotations: exported.map((one, at) => ({ ...annotation, id: at + 1, attributes: one })),
      images: [{ id: 1, file_name: 'a.jpg' }],
      categories: [{ id: 1, name: 'cat' }],
    };
    const path = write('exported.json', document);
    const read = await readCoco(path, ['a.jpg']);
    expect(read.problems).toEqual([]);
    const { boxes } = (await read.boxesOf('a.jpg', 100, 100))!;
    expect(boxes.map(({ id, label, score }) => [id, label, score])).toEqual([
      ['detected', null, 0.5],
      ['labelled', 'puma', null],
      ['judged', 'dog', 0.5],
      ['renamed since', 'cat', 0.5],
      ['5', 'cat', 0.9],
    ]);
    // Left in the scanned folder it is no annotation of the dataset's: it is used where a person names it.
    const ofDataset = { id: 9, image_id: 1, category_id: 1, bbox: [1, 2, 30, 40] };
    const own = (annotations: object[]): object => ({
      ...document,
      info: { description: 'Objects scored by uni-ood 1' },
      annotations,
    });
    for (const whole of [own(document.annotations.slice(0, 4)), own([])]) {
      write('exported.json', whole);
      const found = await findAnnotations(folder, ['a.jpg']);
      expect(found.annotations).toBeUndefined();
      expect(found.problems).toEqual([
        { file: path, reason: expect.stringContaining('name the file as the boxes') as string },
      ]);
      expect((await readBoxes(path, folder, ['a.jpg'])).classNames).toEqual(['cat']);
    }
    write('exported.json', own([...document.annotations, ofDataset]));
    expect((await findAnnotations(folder, ['a.jpg'])).annotations?.source).toBe(path);
  });

  it('tells many faults of one kind in few words, and keeps objects whose ids repeat', async () => {
    const annotations = Array.from({ length: 9 }, () => ({ id: 1, image_id: 1, bbox: [0, 0, 5, 5] }));
    const images = [...coco.images, { id: 3, file_name: 'absent.jpg' }];
    const read = await readCoco(write('c.json', { images, annotations }), ['a.jpg']);
    expect((await read.boxesOf('a.jpg', 10, 10))?.boxes.map(({ id }) => id).slice(0, 3)).toEqual([
      '1',
      '1#2',
      '1#3',
    ]);
    expect(read.problems.map(({ reason }) => reason).slice(-2)).toEqual([
      'and 3 more annotations have faults like these',
      'It names 2 images that are not in the folder, first gone.jpg',
    ]);
  });

  it('is chosen from several files by the images it names; captions are none', async () => {
    const bbox = [0, 0, 5, 5];
    const caption = { images: coco.images, annotations: [{ id: 1, image_id: 1, caption: 'a cat' }] };
    write('annotations/captions.json', { ...caption, padding: 'x'.repeat(40_000) });
    write('annotations/instances_train.json', { ...coco, images: [{ id: 1, file_name: 'other.jpg' }] });
    const right = write('annotations/instances_val.json', {
      ...coco,
      annotations: [{ id: 1, image_id: 1, bbox }],
    });
    const { annotations, problems } = await findAnnotations(folder, ['a.jpg']);
    expect(annotations?.source).toBe(right);
    expect(problems).toEqual([]);
  });

  it('matches images by the end of their path when names repeat', async () => {
    const document = {
      images: [{ id: 1, file_name: 'x/val/1.jpg' }],
      annotations: [{ id: 1, image_id: 1, bbox: [0, 0, 5, 5] }],
    };
    const annotations = await readCoco(write('c.json', document), ['train/1.jpg', 'val/1.jpg']);
    expect((await annotations.boxesOf('val/1.jpg', 10, 10))?.boxes).toHaveLength(1);
    expect(await annotations.boxesOf('train/1.jpg', 10, 10)).toBeUndefined();
  });

  it('reads results of a detector', async () => {
    const path = write('results.json', [{ image_id: 139, bbox: [1, 2, 3, 4], score: 0.5, category_id: 1 }]);
    const annotations = await readBoxes(path, folder, ['000000000139.jpg']);
    expect(annotations.format).toBe('COCO results');
    expect((await annotations.boxesOf('000000000139.jpg', 10, 10))?.boxes).toEqual([
      { id: '1', label: null, box: { x: 1, y: 2, width: 3, height: 4 }, score: 0.5, entry: 0 },
    ]);
  });

  it('says what is wrong with a broken file', async () => {
    await expect(readCoco(write('broken.json', '{"images": ['), [])).rejects.toThrow(
      /broken\.json is not JSON.*Repair it/,
    );
    await expect(readCoco(write('other.json', { a: 1 }), [])).rejects.toThrow('is not a COCO file');
    await expect(readBoxes(join(folder, 'absent'), folder, [])).rejects.toThrow('do not exist');
    mkdirSync(join(folder, 'empty'));
    await expect(readBoxes(join(folder, 'empty'), folder, [])).rejects.toThrow('holds no YOLO label');
  });
});

describe('YOLO', () => {
  beforeEach(() => {
    write('data/data.yaml', 'path: .\nnames:\n  0: person\n  1: dog\n');
    write('data/images/val/p.jpg', 'x');
    write('data/labels/val/p.txt', '1 0.5 0.5 0.2 0.4\n0 0.1 0.1 0.1 0.1 0.9\nnot a line\n\n');
  });

  it('tells of a data.yaml that cannot be read, with or without labels', async () => {
    write('data/data.yaml', 'names: [person, dog\n : :');
    const { problems } = await findAnnotations(join(folder, 'data'), []);
    expect(problems).toEqual([
      {
        file: join(folder, 'data/data.yaml'),
        reason: expect.stringMatching(
          /^Its class names cannot be read: .+ line \d.+ Correct the file/s,
        ) as string,
      },
    ]);
    write('data/data.yaml', 'names: {cat: 0, dog: 1}');
    expect((await findAnnotations(join(folder, 'data'), [])).problems[0].reason).toContain(
      '"cat" of "names" is no class number',
    );
    write('data/data.yaml', 'names: 3');
    const [{ reason }] = (await findAnnotations(join(folder, 'data'), [])).problems;
    expect(reason).toMatch(/names/);
  });

  it('is found from the images, with names from the data.yaml above', async () => {
    const { annotations } = await findAnnotations(join(folder, 'data/images/val'), ['p.jpg']);
    const { boxes, problems } = (await annotations!.boxesOf('p.jpg', 200, 100))!;
    expect(annotations!.classNames).toEqual(['person', 'dog']);
    expect(boxes.map(({ label }) => label)).toEqual(['dog', 'person']);
    expect(boxes[0].box.x).toBeCloseTo(80, 9);
    expect(boxes[0].box).toMatchObject({ width: 40, height: 40 });
    expect(boxes[1].score).toBe(0.9);
    expect(problems[0].reason).toContain('Line 3 is not "class x y width height"');
  });

  it('has the names its numbers say where the data.yaml leaves numbers out', async () => {
    write('data/data.yaml', 'names:\n  7: cat\n  1: bus\n  0: person\n');
    write('data/labels/val/p.txt', '7 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.2\n2 0.5 0.5 0.2 0.2');
    const { annotations } = await findAnnotations(join(folder, 'data/images/val'), ['p.jpg']);
    expect(annotations!.classNames).toEqual(['person', 'bus', 'cat']);
    const { boxes } = (await annotations!.boxesOf('p.jpg', 100, 100))!;
    expect(boxes.map(({ label }) => label)).toEqual(['cat', 'bus', null]);
  });

  it('tells of labels whose image is not there', async () => {
    write('data/labels/val/gone.txt', '0 0.5 0.5 0.2 0.2');
    write('data/labels/val/classes.txt', 'person');
    const stray = {
      reason: 'The image of gone.txt is not in the folder',
      file: join(folder, 'data/labels/val'),
    };
    expect((await findAnnotations(join(folder, 'data/images/val'), ['p.jpg'])).problems).toEqual([stray]);
    write('data/labels/val/lost.txt', '0 0.5 0.5 0.2 0.2');
    const { problems } = await findAnnotations(join(folder, 'data'), ['images/val/p.jpg']);
    expect(problems).toEqual([
      {
        file: join(folder, 'data/labels'),
        reason: 'The images of 2 files are not in the folder, first that of val/gone.txt',
      },
    ]);
  });

  it('boxes polygons', async () => {
    write('data/labels/val/p.txt', '1 0.1 0.2 0.5 0.2 0.3 0.6\n1 0.1 0.2 0.5 0.2 0.3 0.6 0.7');
    const { annotations } = await findAnnotations(join(folder, 'data/images/val'), ['p.jpg']);
    const { boxes, problems } = (await annotations!.boxesOf('p.jpg', 100, 100))!;
    expect(boxes).toHaveLength(1);
    expect(problems).toHaveLength(1);
    expect(boxes[0].box.x).toBeCloseTo(10, 9);
    expect(boxes[0].box.y).toBeCloseTo(20, 9);
    expect(boxes[0].box.width).toBeCloseTo(40, 9);
    expect(boxes[0].box.height).toBeCloseTo(40, 9);
  });

  it('is found from the folder that holds images and labels', async () => {
    const { annotations } = await findAnnotations(join(folder, 'data'), ['images/val/p.jpg']);
    expect((await annotations!.boxesOf('images/val/p.jpg', 200, 100))?.boxes).toHaveLength(2);
  });

  it.each(['data', 'data/labels'])(
    'can be named by a folder, %s, with images in one beside',
    async (named) => {
      const annotations = await readBoxes(join(folder, named), folder, ['images/val/p.jpg']);
      expect((await annotations.boxesOf('images/val/p.jpg', 200, 100))?.boxes).toHaveLength(2);
    },
  );

  it('can be named as a folder of labels', async () => {
    const annotations = await readBoxes(join(folder, 'data/labels'), join(folder, 'data/images'), [
      'val/p.jpg',
    ]);
    expect((await annotations.boxesOf('val/p.jpg', 200, 100))?.boxes).toHaveLength(2);
  });
});

describe('Pascal VOC', () => {
  const xml = (name: string) =>
    `<annotation><filename>p.jpg</filename><object><name>${name}</name><bndbox><xmin>1</xmin><ymin>11</ymin><xmax>20</xmax><ymax>40</ymax></bndbox></object></annotation>`;

  it('is found beside the images; corners count from 1 and include the last pixel', async () => {
    write('Annotations/p.xml', xml('dog'));
    write('Annotations/broken.xml', '<annotation><object></annotation>');
    write('Annotations/gone.xml', xml('dog'));
    const { annotations, problems } = await findAnnotations(join(folder, 'JPEGImages'), [
      'p.jpg',
      'broken.jpg',
    ]);
    expect(annotations!.format).toBe('Pascal VOC');
    expect(problems.map(({ reason }) => reason)).toEqual(['The image of gone.xml is not in the folder']);
    expect(annotations!.classNames).toEqual(['dog']);
    expect((await annotations!.boxesOf('p.jpg', 100, 100))?.boxes).toEqual([
      { id: '1', label: 'dog', box: { x: 0, y: 10, width: 20, height: 30 }, score: null, entry: 0 },
    ]);
    const broken = await annotations!.boxesOf('broken.jpg', 100, 100);
    expect(broken?.boxes).toEqual([]);
    expect(broken?.problems[0].reason).toContain('Not a Pascal VOC file');
  });
});

describe('a folder without annotations', () => {
  it('has none, and a broken file is told of', async () => {
    write('broken.json', '{"annotations": [');
    write('readme.txt', 'hello 1 2 3 4');
    const { annotations, problems } = await findAnnotations(folder, ['a.jpg']);
    expect(annotations).toBeUndefined();
    expect(problems[0].reason).toContain('Is not JSON');
  });
});
