import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../extension/protocol/results';
import { CommandLine, repository, type Ended } from './commandLine';

const isRoot = process.getuid?.() === 0;
const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

/** A PNG that says it is this large, and ends there. */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write('IHDR', 4, 'latin1');
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  header.set([8, 2, 0, 0, 0], 16);
  header.writeUInt32BE(crc32(header.subarray(4, 21)), 21);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), header]);
}

describe('a folder with bad files among good ones', () => {
  let results: Results;
  let report: Ended;
  const reasonOf = (file: string): string | undefined =>
    results.unreadable.find((entry) => entry.file === file)?.reason;

  beforeAll(async () => {
    const folder = commandLine.samples('mixed', ['cat.png', 'galaxies.jpg']);
    const put = (name: string, content: Buffer | string): void => writeFileSync(join(folder, name), content);
    const jpeg = readFileSync(join(folder, 'galaxies.jpg'));
    put('truncated.jpg', jpeg.subarray(0, jpeg.length / 3));
    put('empty.png', '');
    put('text.jpg', 'These are words, not a picture.');
    put('mislabelled.jpg', readFileSync(join(folder, 'cat.png')));
    put('enormous.png', pngHeader(30_000, 30_000));
    put('猫 и кот 🐈.jpg', jpeg);
    put('unreadable.jpg', jpeg);
    chmodSync(join(folder, 'unreadable.jpg'), 0);
    symlinkSync(folder, join(folder, 'loop'));
    symlinkSync('itself.jpg', join(folder, 'itself.jpg'));
    symlinkSync('nowhere', join(folder, 'dangling.jpg'));
    const output = join(commandLine.place, 'mixed.json');
    report = await commandLine.run('scan', folder, '--classes', 'voc', '--output', output);
    results = JSON.parse(readFileSync(output, 'utf8')) as Results;
  });

  it('is scanned, and everything that can be read is scored', () => {
    expect(report.status).toBe(0);
    const scanned = results.images.map(({ file }) => file);
    const always = ['cat.png', 'mislabelled.jpg', 'galaxies.jpg', '猫 и кот 🐈.jpg'];
    expect(scanned.filter((file) => file !== 'unreadable.jpg').sort()).toEqual([...always].sort());
    for (const file of always) expect(results.objects.some(({ image }) => image === file)).toBe(true);
  });

  it.each([
    ['truncated.jpg', /^Truncated or damaged/],
    ['empty.png', /^Empty file; copy it again/],
    ['text.jpg', /^Not an image: starts with "These ar"; put the picture in its place, or remove it$/],
    [
      'enormous.png',
      /^Too large: 30,000 × 30,000 pixels, the limit is 100 megapixels; make it smaller or cut it into tiles, or remove it$/,
    ],
    ['itself.jpg', /^A link that leads to itself$/],
    ['dangling.jpg', /leads nowhere$/],
  ])('says of %s why it could not be read', (file, reason) => {
    expect(reasonOf(file)).toMatch(reason);
    expect(report.words).toContain(`${file}: ${reasonOf(file)}`);
  });

  it.skipIf(isRoot)('says of a file without permission that it may not be read', () => {
    expect(reasonOf('unreadable.jpg')).toBe('Permission denied');
  });
});

describe('links out of the folder', () => {
  it('are followed, and told once in the report', async () => {
    const elsewhere = commandLine.samples('elsewhere', ['cat.png', 'coffee.jpg']);
    const folder = commandLine.samples('with-links', ['galaxies.jpg']);
    symlinkSync(elsewhere, join(folder, 'more'));
    const { status, words } = await commandLine.run('scan', folder, '--classes', 'voc');
    expect(status).toBe(0);
    expect(words).toContain('in 3 images;');
    expect(words.match(/outside of the folder.*/g)).toEqual([
      'outside of the folder, by the link more (2). They are scanned with the others; to leave them out, remove the link.',
    ]);
  });
});

describe('annotations with faults', () => {
  it('are told one by one, and the rest is used', async () => {
    const folder = commandLine.samples('annotated', ['cat.png', 'galaxies.jpg']);
    writeFileSync(
      join(folder, 'boxes.json'),
      JSON.stringify({
        images: [
          { id: 1, file_name: 'cat.png' },
          { id: 2, file_name: 'gone.jpg' },
        ],
        categories: [{ id: 1, name: 'cat' }],
        annotations: [
          { id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 80, 80] },
          { id: 2, image_id: 1, category_id: 1, bbox: [10, 10, 0, 80] },
          { id: 3, image_id: 1, category_id: 1, bbox: [9000, 10, 80, 80] },
          { id: 1, image_id: 1, category_id: 1, bbox: [20, 20, 60, 60] },
          { id: 5, image_id: 1, bbox: 'wide' },
        ],
      }),
    );
    const scan = (): Promise<Results> =>
      commandLine.results(folder, '--classes', 'voc', '--boxes', 'annotations');
    const results = await scan();
    expect(results.objects.map(({ id }) => id)).toEqual(['1', '1#2']);
    const told = results.leftOut.map(({ file, reason }) => `${file}: ${reason}`).join('\n');
    expect(told).toContain('cat.png: Box 2 has no area (0 × 80); it is left out');
    expect(told).toContain('cat.png: Box 3 lies outside the image');
    expect(told).toContain('boxes.json: Annotation id 1 is used again');
    expect(told).toContain('boxes.json: Annotation 5 is left out');
    expect(told).toContain('boxes.json: It names gone.jpg, which is not in the folder');
    // A second scan, which reads no image again, says the same.
    expect((await scan()).leftOut).toEqual(results.leftOut);
  });

  it('that are no JSON are named, whether they were asked for or not', async () => {
    const folder = commandLine.samples('broken-annotations', ['cat.png']);
    const path = join(folder, 'boxes.json');
    writeFileSync(path, '{"annotations": [');
    const asked = await commandLine.run('scan', folder, '--classes', 'voc', '--boxes', 'annotations');
    expect(asked.status).toBe(1);
    expect(asked.words).toMatch(/No annotations were found .*boxes\.json: Is not JSON: .* Repair it/);
    const { objects, leftOut } = await commandLine.results(folder, '--classes', 'voc');
    expect(objects).not.toHaveLength(0);
    expect(leftOut).toEqual([
      { file: 'boxes.json', reason: expect.stringContaining('Is not JSON') as string },
    ]);
  });
});

describe('what cannot be scanned at all', () => {
  const refusal = async (...options: string[]): Promise<string> => {
    const { status, words, output } = await commandLine.run('scan', ...options);
    expect(status).toBe(1);
    expect(output).toBe('');
    expect(words.trim().split('\n')).toHaveLength(1);
    return words;
  };

  it('is one sentence for a folder without an image, or that is not there', async () => {
    mkdirSync(join(commandLine.place, 'no-images'));
    writeFileSync(join(commandLine.place, 'no-images/notes.txt'), 'nothing to see');
    expect(await refusal('no-images', '--classes', 'voc')).toMatch(
      /No image was found in .*no-images\. Choose a folder/,
    );
    expect(readdirSync(join(commandLine.place, 'no-images'))).toEqual(['notes.txt']);
    expect(await refusal('absent', '--classes', 'voc')).toMatch(/Folder .*absent does not exist/);
  });

  it('is one sentence for a class list that is empty, has a blank name or names a class twice', async () => {
    const folder = commandLine.samples('classes', ['cat.png']);
    const list = join(commandLine.place, 'list.txt');
    const withList = (content: string): Promise<string> => {
      writeFileSync(list, content);
      return refusal(folder, '--classes', list);
    };
    expect(await withList('')).toMatch(/list\.txt.*(empty|no class)/i);
    expect(await refusal(folder, '--classes', 'cat,,dog')).toMatch(/blank|empty/i);
    expect(await withList('cat\ndog\ncat\n')).toMatch(/"cat" stands twice in .*list\.txt\. Remove/);
    expect(await refusal(folder)).toMatch(/does not say which classes.*--classes/);
  });

  it('is one sentence for a model file that is missing or damaged', async () => {
    const folder = commandLine.samples('models', ['cat.png']);
    const model = join(commandLine.place, 'model');
    cpSync(join(repository, 'models/embedded'), model, { recursive: true });
    const path = join(model, 'vision.onnx');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(path, bytes);
    const damaged = await refusal(folder, '--classes', 'voc', '--model', model);
    expect(damaged).toMatch(/vision\.onnx is damaged.*Reinstall/);
    rmSync(path);
    const missing = await refusal(folder, '--classes', 'voc', '--model', model);
    expect(missing).toMatch(/vision\.onnx is missing.*Reinstall/);
    writeFileSync(join(model, 'bundle.json'), '{}');
    expect(await refusal(folder, '--classes', 'voc', '--model', model)).toMatch(
      /bundle\.json is not a valid/,
    );
  });

  it('is one sentence for a class list that was mistyped, is a folder or no text', async () => {
    const folder = commandLine.samples('mistyped', ['cat.png']);
    expect(await refusal(folder, '--classes', 'vocc')).toMatch(
      /"vocc" is not one of the presets.*nearest is voc/,
    );
    expect(await refusal(folder, '--classes', folder)).toMatch(/mistyped is a folder\. Name a file/);
    expect(await refusal(folder, '--classes', join(folder, 'cat.png'))).toMatch(
      /cat\.png is not a text file/,
    );
    const utf16 = join(commandLine.place, 'utf16.txt');
    writeFileSync(utf16, Buffer.from('\uFEFFcat\r\ndog\r\n', 'utf16le'));
    expect((await commandLine.results(folder, '--classes', utf16)).classes).toEqual(['cat', 'dog']);
  });

  it('is one sentence for boxes of another folder', async () => {
    const folder = commandLine.samples('foreign', ['cat.png']);
    const boxes = join(commandLine.place, 'foreign.json');
    const annotation = { id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 50, 50] };
    const categories = [{ id: 1, name: 'cat' }];
    const images = [{ id: 1, file_name: 'other.jpg', width: 100, height: 100 }];
    writeFileSync(boxes, JSON.stringify({ images, annotations: [annotation], categories }));
    expect(await refusal(folder, '--classes', 'voc', '--boxes', boxes)).toMatch(
      /foreign\.json\) hold no usable box for any image/,
    );
  });

  it('is one sentence for a model or a configuration that is not there', async () => {
    const folder = commandLine.samples('no-model', ['cat.png']);
    const list = join(folder, 'cat.png');
    expect(await refusal(folder, '--classes', 'voc', '--model', 'nowhere')).toMatch(/nowhere does not exist/);
    expect(await refusal(folder, '--classes', 'voc', '--model', list)).toMatch(/cat\.png is a file/);
    expect(await refusal(folder, '--classes', 'voc', '--config', 'none.json')).toMatch(
      /none\.json cannot be read: it does not exist/,
    );
  });

  it('is told with what was found where no image can be read', async () => {
    const folder = commandLine.samples('unreadable', []);
    mkdirSync(folder);
    writeFileSync(join(folder, 'a\nb.jpg'), 'no picture');
    const { status, words } = await commandLine.run('scan', folder, '--classes', 'voc');
    expect(status).toBe(1);
    expect(words).toContain('a\\x0ab.jpg: Not an image');
    expect(words).toMatch(/None of the 1 image in .*unreadable could be read/);
  });

  it('is said with the usage for wrong options', async () => {
    for (const threshold of ['high', '5', '-1.5']) {
      const { status, words } = await commandLine.run('scan', 'x', '--threshold', threshold);
      expect(status).toBe(2);
      expect(words).toMatch(/--threshold/);
    }
    const twice = await commandLine.run('scan', 'x', '--output', 'one.json', '--explain', 'one.json');
    expect(twice.status).toBe(2);
  });
});

describe('a threshold', () => {
  it('is kept for the scan until auto takes it back', async () => {
    const folder = commandLine.samples('threshold', ['cat.png']);
    const other = await commandLine.run('scan', folder, '--classes', 'cat,dog');
    expect(other.words).toMatch(/measured with another class list/);
    expect((await commandLine.run('scan', folder, '--classes', 'voc')).words).not.toMatch(
      /another class list/,
    );
    const scan = async (...options: string[]): Promise<string> =>
      (await commandLine.results(folder, '--classes', 'voc', ...options)).threshold.source;
    expect(await scan()).toBe('bundle');
    expect(await scan('--threshold', '0.2')).toBe('user');
    expect(await scan()).toBe('user');
    expect(await scan('--threshold', 'auto')).toBe('bundle');
  });
});
