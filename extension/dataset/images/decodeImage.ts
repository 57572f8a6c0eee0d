import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decode as decodeBmp } from 'bmp-ts';
import sharp from 'sharp';
import type { RgbImage } from '../../pipeline/image';
import { reasonOf } from './imageFiles';

/** Why a file could not be read as an image, in a sentence for a person. */
export class UnreadableImageError extends Error {
  override readonly name = 'UnreadableImageError';
}

/** An image as the method sees it: upright, 8-bit RGB. */
export interface DecodedImage {
  image: RgbImage;
  /** SHA-256 of the file's bytes, hexadecimal. */
  sha256: string;
}

/** Pixels; three bytes each, so that the largest image takes 300 MB. */
export const largestImage = 100_000_000;

// One picture at a time is decoded here; what is kept between pictures would only hold memory.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Reads and decodes a file: JPEG, PNG, WebP, TIFF, GIF (first frame) or BMP, whatever its name says. EXIF orientation
 * is applied; grey, palette, CMYK and 16-bit pictures become 8-bit RGB; transparency is dropped, not blended, as the
 * reference preprocessing does.
 *
 * @throws UnreadableImageError with the reason.
 */
export async function decodeImage(path: string): Promise<DecodedImage> {
  const bytes = await readBytes(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { image: await decodeBytes(bytes), sha256 };
}

/** As `decodeImage`, of bytes that are read already. */
export async function decodeBytes(bytes: Buffer): Promise<RgbImage> {
  if (bytes.length === 0) throw new UnreadableImageError('Empty file; copy it again, or remove it');
  if (bytes.subarray(0, 2).toString('latin1') === 'BM') return decodeBitmap(bytes);
  refuseUnknown(bytes);
  await refuseTooLarge(bytes);
  try {
    const { data, info } = await sharp(bytes, { failOn: 'truncated', limitInputPixels: largestImage })
      .rotate()
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const pixels = info.channels === 1 ? threeChannels(data) : data;
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength),
    };
  } catch (error) {
    throw new UnreadableImageError(reasonOfDecoder((error as Error).message));
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UnreadableImageError(reasonOf(error as NodeJS.ErrnoException));
  }
}

function decodeBitmap(bytes: Buffer): RgbImage {
  const width = bytes.length >= 26 ? bytes.readInt32LE(18) : 0;
  const height = bytes.length >= 26 ? Math.abs(bytes.readInt32LE(22)) : 0;
  refuseArea(width, height);
  try {
    const bitmap = decodeBmp(bytes, { toRGBA: true });
    const data = new Uint8Array(bitmap.width * bitmap.height * 3);
    for (let at = 0, from = 0; at < data.length; at += 3, from += 4)
      data.set(bitmap.data.subarray(from, from + 3), at);
    return { width: bitmap.width, height: bitmap.height, data };
  } catch (error) {
    throw new UnreadableImageError(`Damaged BMP (${(error as Error).message}); copy it again, or remove it`);
  }
}

/** Formats by their first bytes, where a plain word says more than the decoder's. */
const signatures: { format: string | null; matches: (start: string) => boolean }[] = [
  { format: null, matches: (start) => start.startsWith('\xff\xd8\xff') },
  { format: null, matches: (start) => start.startsWith('\x89PNG\r\n\x1a\n') },
  { format: null, matches: (start) => start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP' },
  {
    format: null,
    matches: (start) =>
      start.startsWith('II*\0') ||
      start.startsWith('MM\0*') ||
      start.startsWith('II+\0') ||
      start.startsWith('MM\0+'),
  },
  { format: null, matches: (start) => start.startsWith('GIF8') },
  { format: 'HEIC', matches: (start) => /^....ftyp(heic|heix|hevc|mif1|msf1)/s.test(start) },
  { format: 'AVIF', matches: (start) => /^....ftypavi[fs]/s.test(start) },
  {
    format: 'JPEG XL',
    matches: (start) => start.startsWith('\xff\x0a') || start.startsWith('\0\0\0\x0cJXL '),
  },
  { format: 'JPEG 2000', matches: (start) => start.startsWith('\0\0\0\x0cjP  ') },
  { format: 'PDF', matches: (start) => start.startsWith('%PDF') },
];

function refuseUnknown(bytes: Buffer): void {
  const start = bytes.subarray(0, 16).toString('latin1');
  const known = signatures.find(({ matches }) => matches(start));
  if (known?.format)
    throw new UnreadableImageError(
      `Unsupported format: ${known.format}; convert it to JPEG or PNG, or remove it`,
    );
  if (known) return;
  const shown = /^[\x20-\x7e]{8}/.test(start)
    ? `"${start.slice(0, 8)}"`
    : `bytes ${bytes.subarray(0, 4).toString('hex')}`;
  throw new UnreadableImageError(
    `Not an image: starts with ${shown}; put the picture in its place, or remove it`,
  );
}

async function refuseTooLarge(bytes: Buffer): Promise<void> {
  // A PNG says its size before anything else, and may say more than it holds.
  if (bytes.length >= 24 && bytes.subarray(1, 4).toString('latin1') === 'PNG')
    refuseArea(bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  const { width, height } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: Error) => {
      throw new UnreadableImageError(reasonOfDecoder(error.message));
    });
  refuseArea(width, height);
}

function refuseArea(width: number, height: number): void {
  if (width * height <= largestImage) return;
  const side = (pixels: number): string => pixels.toLocaleString('en');
  throw new UnreadableImageError(
    `Too large: ${side(width)} × ${side(height)} pixels, the limit is ${largestImage / 1e6} megapixels; make it smaller or cut it into tiles, or remove it`,
  );
}

function reasonOfDecoder(message: string): string {
  const short = message
    .replace(/^Input buffer (has corrupt header: |contains )?/, '')
    .replace(/^(Vips)?\w+: /, '')
    .split('\n')[0]
    .trim();
  const truncated =
    /premature end|truncated|unexpected end|end of file|not enough|read error|exceeded|ended prematurely|no SOI|LZW|ran out|incomplete/i;
  const what = truncated.test(message) ? 'Truncated or damaged' : 'Damaged';
  return `${what} (${short}); copy it again, or remove it`;
}

function threeChannels(grey: Buffer): Buffer {
  const rgb = Buffer.alloc(grey.length * 3);
  grey.forEach((value, at) => rgb.fill(value, at * 3, at * 3 + 3));
  return rgb;
}
