import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode as encodeBmp } from 'bmp-ts';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../../test/fixtures/oracle';
import { decodeImage } from './decodeImage';

const images = join(__dirname, '../../../test/fixtures/images');
const oracle = readOracle('processors');
const files = oracle.document.images as Record<string, { file: string }>;
const folder = mkdtempSync(join(tmpdir(), 'decode-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Buffer | Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('decoding against Pillow', () => {
  const upright = Object.entries(files).filter(
    ([name, { file }]) => !file.startsWith('exif') || name.endsWith('_upright'),
  );
  it.each(upright)('%s', async (name, { file }) => {
    const { image } = await decodeImage(join(images, file));
    const { shape, bytes } = oracle.tensor(`${name}/rgb`);
    expect([image.height, image.width, 3]).toEqual(shape);
    // Inverted CMYK has no single right conversion: a colour profile here, a formula there.
    expect(largestDifference(image.data, bytes)).toBeLessThanOrEqual(name === 'cmyk' ? 45 : 1);
  });
});

describe('formats', () => {
  const pixels = Buffer.from(Array.from({ length: 16 * 8 * 3 }, (_, at) => (at * 7) % 256));
  const picture = () => sharp(pixels, { raw: { width: 16, height: 8, channels: 3 } });

  it.each([
    ['png', () => picture().png().toBuffer(), 0],
    ['webp', () => picture().webp({ lossless: true }).toBuffer(), 0],
    ['tiff', () => picture().tiff({ compression: 'lzw' }).toBuffer(), 0],
    ['16-bit png', () => picture().toColourspace('rgb16').png().toBuffer(), 1],
    ['gif', () => picture().gif({ colours: 256, dither: 0 }).toBuffer(), 80],
  ] as const)('%s, whatever the name says', async (format, encode, tolerance) => {
    const { image } = await decodeImage(write(`${format}.jpg`, await encode()));
    expect([image.width, image.height]).toEqual([16, 8]);
    expect(largestDifference(image.data, pixels)).toBeLessThanOrEqual(tolerance);
  });

  it('bmp', async () => {
    const abgr = Buffer.alloc(16 * 8 * 4);
    for (let at = 0; at < 16 * 8; at++)
      abgr.set([255, pixels[at * 3 + 2], pixels[at * 3 + 1], pixels[at * 3]], at * 4);
    const { data } = encodeBmp({ data: abgr, width: 16, height: 8, bitPP: 24 });
    const { image } = await decodeImage(write('picture.bmp', data));
    expect(largestDifference(image.data, pixels)).toBe(0);
  });

  it('grey, and grey with transparency', async () => {
    const grey = await sharp(Buffer.from([0, 100, 200, 255]), { raw: { width: 2, height: 2, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const { image } = await decodeImage(write('grey.png', grey));
    expect(Array.from(image.data)).toEqual([0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255]);
    const alpha = await sharp(Buffer.from([50, 0, 60, 128]), { raw: { width: 2, height: 1, channels: 2 } })
      .png()
      .toBuffer();
    expect(Array.from((await decodeImage(write('alpha.png', alpha))).image.data)).toEqual([
      50, 50, 50, 60, 60, 60,
    ]);
  });

  it('names the bytes it read', async () => {
    const path = write('hash.png', await picture().png().toBuffer());
    expect((await decodeImage(path)).sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** A PNG of 30,000 × 30,000 pixels of which there is only the header. */
const hugeHeader = Buffer.from(
  '89504e470d0a1a0a0000000d4948445200007530000075300802000000e9456fed0000000049444154',
  'hex',
);

describe('what cannot be read says why', () => {
  const photo = readFileSync(join(images, 'photo444.jpg'));
  it.each([
    ['empty.jpg', Buffer.alloc(0), 'Empty file'],
    ['text.jpg', 'just some words', 'Not an image: starts with "just som"; put the picture'],
    [
      'binary.png',
      Buffer.from([1, 2, 3, 4, 5, 6]),
      'Not an image: starts with bytes 01020304; put the picture in its place, or remove it',
    ],
    [
      'phone.heic',
      Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'),
      'Unsupported format: HEIC; convert it to JPEG or PNG',
    ],
    ['half.jpg', photo.subarray(0, photo.length >> 1), 'Truncated or damaged'],
    ['half.png', readFileSync(join(images, 'scene_a.png')).subarray(0, 9000), 'Truncated or damaged'],
    ['huge.png', hugeHeader, 'the limit is 100 megapixels; make it smaller or cut it into tiles'],
    ['stub.bmp', 'BM', '; copy it again, or remove it'],
  ])('%s', async (name, bytes, reason) => {
    await expect(decodeImage(write(name, bytes))).rejects.toThrow(reason);
  });

  it('a file that is not there', async () => {
    await expect(decodeImage(join(folder, 'absent.jpg'))).rejects.toThrow('The file is gone');
  });
});
