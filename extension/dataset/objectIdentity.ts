import { createHash } from 'node:crypto';
import type { Box } from '../pipeline/image';

/**
 * The id of an object: the same for the same file, bytes and box, whatever model scored it and in whatever order.
 *
 * @param repetition how many objects of the image before it have the same box.
 * @returns 16 hexadecimal digits.
 */
export function objectId(file: string, imageSha256: string, box: Box, repetition: number): string {
  const sides = [box.x, box.y, box.width, box.height].map((side) => side.toFixed(2));
  return createHash('sha256')
    .update([file, imageSha256, ...sides, repetition].join('\0'))
    .digest('hex')
    .slice(0, 16);
}
