import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAnnotations } from '../annotations/findAnnotations';
import { offerClassLists } from './offerClassLists';
import { classListPresets } from './presets';
import { checkClassList, readClassList } from './readClassList';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'classes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, content: string): string {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
  return join(folder, file);
}

describe('a class list', () => {
  it.each([
    ['voc', 20],
    ['bdd', 10],
    ['coco', 80],
    ['ImageNet', 1000],
  ])('is the preset %s', async (name, count) => {
    expect(await readClassList(name, folder)).toHaveLength(count);
  });

  it('is typed, or read from a text, YOLO or COCO file', async () => {
    write('names.txt', '\uFEFFcat\r\n\r\n traffic light \n');
    write('data.yaml', 'names: [car, bus]');
    write('map.yml', 'names:\n  10: ten\n  2: two\n');
    write('coco.json', JSON.stringify({ categories: [{ id: 1, name: 'zebra' }] }));
    expect(await readClassList('cat, dog', folder)).toEqual(['cat', 'dog']);
    expect(await readClassList('cat', folder)).toEqual(['cat']);
    expect(await readClassList('cat\n', folder)).toEqual(['cat']);
    expect(await readClassList('names.txt', folder)).toEqual(['cat', 'traffic light']);
    expect(await readClassList('data.yaml', folder)).toEqual(['car', 'bus']);
    expect(await readClassList('map.yml', folder)).toEqual(['two', 'ten']);
    expect(await readClassList(join(folder, 'coco.json'), '/')).toEqual(['zebra']);
  });

  it.each([
    'cat;traffic light;dog',
    'cat; traffic light ; dog;',
    'cat\ntraffic light\ndog',
    'cat\r\n\r\ntraffic light\rdog\n',
    'cat,\ntraffic light;\ndog,',
    'cat, traffic light; dog',
  ])('is typed with commas, semicolons or line breaks between: %j', async (typed) => {
    expect(await readClassList(typed, folder)).toEqual(['cat', 'traffic light', 'dog']);
  });

  it('says what is wrong with it', async () => {
    write('empty.txt', '\n\n');
    write('broken.yaml', 'names: [car');
    write('other.json', '{}');
    await expect(readClassList('empty.txt', folder)).rejects.toThrow('The class list is empty: empty.txt');
    await expect(readClassList('cat,,dog', folder)).rejects.toThrow('Class 2 of the class list is blank');
    await expect(readClassList('cat;;dog', folder)).rejects.toThrow('Class 2 of the class list is blank');
    await expect(readClassList(',', folder)).rejects.toThrow('The class list is empty');
    await expect(readClassList('cat,dog,Cat', folder)).rejects.toThrow(
      'Classes "cat" and "Cat" of the class list are one but for capitals',
    );
    await expect(readClassList('broken.yaml', folder)).rejects.toThrow('holds no class list');
    await expect(readClassList('other.json', folder)).rejects.toThrow('holds no class list');
    await expect(readClassList('absent.txt', folder)).rejects.toThrow('Class list absent.txt does not exist');
    expect(() => checkClassList([], 'the list')).toThrow('empty');
  });
});

describe('presets', () => {
  it('have no name twice', () => {
    for (const { names } of classListPresets)
      expect(checkClassList(names, 'preset')).toHaveLength(names.length);
  });
});

describe('what a folder offers', () => {
  const labels = async (images: string[]) =>
    (await offerClassLists(folder, images, await findAnnotations(folder, images))).offers.map(
      ({ label, classes }) => [label, classes.length],
    );
  const presets = [
    ['Pascal VOC 20', 20],
    ['BDD100K 10', 10],
    ['COCO 80', 80],
    ['ImageNet-1k 1000', 1000],
  ];

  it('is the presets alone when it says nothing', async () => {
    expect(await labels(['a.jpg'])).toEqual(presets);
  });

  it('is its data.yaml', async () => {
    write('data.yaml', 'names: [car, bus]');
    expect(await labels(['a.jpg'])).toEqual([['data.yaml', 2], ...presets]);
  });

  it('is no list with equal names, which is told', async () => {
    write('data.yaml', 'names: [cat, dog, cat]');
    const { offers, problems } = await offerClassLists(folder, [], await findAnnotations(folder, []));
    expect(offers.map(({ kind }) => kind)).not.toContain('folder');
    expect(problems).toEqual([
      {
        file: join(folder, 'data.yaml'),
        reason: 'Class "cat" stands twice in data.yaml. Remove one of the two.',
      },
    ]);
  });

  it('is its folders before a data.yaml above it, and no other file above it', async () => {
    const images = ['cat/a.jpg', 'cat/b.jpg', 'dog/a.jpg', 'dog/b.jpg'];
    for (const image of images) write(`photos/${image}`, '');
    write('data.yaml', 'names: [car]');
    write('photos/../config.yaml', 'names: [screw]');
    const inside = join(folder, 'photos');
    const { offers } = await offerClassLists(inside, images, await findAnnotations(inside, images));
    expect(offers.filter(({ kind }) => kind === 'folder').map(({ label }) => label)).toEqual([
      'Folder names',
      'data.yaml',
    ]);
  });

  it('is the categories of its COCO file', async () => {
    write(
      'annotations/val.json',
      JSON.stringify({ images: [], annotations: [], categories: [{ id: 1, name: 'zebra' }] }),
    );
    expect(await labels(['a.jpg'])).toEqual([['COCO annotations', 1], ...presets]);
  });

  it('is the names of its folders', async () => {
    expect(await labels(['cat/1.jpg', 'dog/1.jpg'])).toEqual([['Folder names', 2], ...presets]);
    expect(await labels(['train/1.jpg', 'val/1.jpg'])).toEqual(presets);
  });
});
