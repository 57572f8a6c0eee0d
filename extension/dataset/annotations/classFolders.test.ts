import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClassFolders } from './classFolders';
import { findAnnotations } from './findAnnotations';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'class-folders-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, content: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

describe('one folder a class', () => {
  it('makes a photo one object with the name of its folder', async () => {
    const { annotations } = await findAnnotations(folder, ['cat/1.jpg', 'val/dog/2.jpg']);
    expect(annotations).toMatchObject({
      format: 'Class folders',
      source: folder,
      classNames: ['cat', 'dog'],
    });
    expect(await annotations!.boxesOf('val/dog/2.jpg', 40, 30)).toEqual({
      boxes: [{ id: '1', label: 'dog', box: { x: 0, y: 0, width: 40, height: 30 }, score: null }],
      problems: [],
    });
    expect(await annotations!.boxesOf('1.jpg', 40, 30)).toBeUndefined();
  });

  it.each([
    [['1.jpg', 'cat/2.jpg', 'dog/3.jpg']],
    [['cat/1.jpg', 'cat/2.jpg']],
    [['train/1.jpg', 'val/2.jpg']],
    [[]],
  ])('is not what %j are', async (images) => {
    expect(await readClassFolders(folder, images)).toBeUndefined();
  });

  const images = [
    'n01440764/a.JPEG',
    'n02012849/b.JPEG',
    'n03126707/c.JPEG',
    'n99999999/d.JPEG',
    'cat/e.JPEG',
  ];

  it('names WordNet ids as ImageNet-1k does, and keeps those it has not', async () => {
    const annotations = await readClassFolders(folder, images);
    expect(annotations?.classNames).toEqual([
      'cat',
      'tench',
      'crane bird',
      'construction crane',
      'n99999999',
    ]);
  });

  it.each([
    ['LOC_synset_mapping.txt', 'n01440764 doctor fish, Tinca tinca\nn02012849 crane\nn03126707 crane\n'],
    ['words.txt', 'n01440764\tdoctor_fish, Tinca tinca\r\nn02012849\tcrane\r\nn03126707\tcrane'],
    ['classes.json', '{"n01440764": "doctor fish, Tinca tinca", "n02012849": "crane", "n03126707": "crane"}'],
    [
      'imagenet_class_index.json',
      '{"0": ["n01440764", "doctor_fish"], "134": ["n02012849", "crane"], "517": ["n03126707", "crane"]}',
    ],
  ])('names WordNet ids by %s above the folder; two classes never share a name', async (file, content) => {
    write(file, content);
    const annotations = await readClassFolders(join(folder, 'Data/train'), images);
    expect(annotations?.classNames.slice(1)).toEqual([
      'doctor fish',
      'crane',
      'construction crane',
      'n99999999',
    ]);
    expect(annotations?.problems).toEqual([]);
  });

  it('tells of a file of names that is broken, and goes on', async () => {
    write('classes.json', '{"n01440764": ');
    write('labels.json', '{"n01440764": 7}');
    const annotations = await readClassFolders(folder, images);
    expect(annotations?.classNames[1]).toBe('tench');
    expect(annotations?.problems.map(({ file }) => file)).toEqual([
      join(folder, 'classes.json'),
      join(folder, 'labels.json'),
    ]);
    expect(annotations?.problems[0].reason).toContain('Is no list of class names');
  });
});
