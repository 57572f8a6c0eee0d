import { open } from 'node:fs/promises';
import sharp from 'sharp';

/** Width and height in pixels of the upright image, from its header alone; null where it has none that can be read. */
export async function imageSize(path: string): Promise<{ width: number; height: number } | null> {
  try {
    const bitmap = await bitmapSize(path);
    if (bitmap) return bitmap;
    const { width, height, orientation = 1 } = await sharp(path).metadata();
    return orientation > 4 ? { width: height, height: width } : { width, height };
  } catch {
    return null;
  }
}

/** Of a BMP file, which sharp does not read. */
async function bitmapSize(path: string): Promise<{ width: number; height: number } | null> {
  const file = await open(path);
  try {
    const header = Buffer.alloc(26);
    const { bytesRead } = await file.read(header, 0, header.length, 0);
    if (bytesRead < header.length || header.toString('latin1', 0, 2) !== 'BM') return null;
    return { width: header.readInt32LE(18), height: Math.abs(header.readInt32LE(22)) };
  } finally {
    await file.close();
  }
}
