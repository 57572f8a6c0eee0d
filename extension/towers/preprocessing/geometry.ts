import type { Box } from '../../pipeline/image';

/** A rectangle of whole pixels inside an image: left and top included, right and bottom not. */
export interface PixelRectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * The pixels a box covers, with a margin of so much of its width and height on each side: outward to whole pixels, cut
 * at the image, at least one pixel.
 */
export function coveredPixels(
  box: Box,
  margin: number,
  imageWidth: number,
  imageHeight: number,
): PixelRectangle {
  const [left, right] = covered(box.x - margin * box.width, box.x + (1 + margin) * box.width, imageWidth);
  const [top, bottom] = covered(box.y - margin * box.height, box.y + (1 + margin) * box.height, imageHeight);
  return { left, top, right, bottom };
}

function covered(start: number, end: number, size: number): [number, number] {
  const first = Math.min(Math.max(Math.floor(start), 0), size - 1);
  const last = Math.max(Math.min(Math.ceil(end), size), first + 1);
  return [first, last];
}

/** Whether a box leaves nothing of the image: there is no background then. */
export function coversImage(box: Box, imageWidth: number, imageHeight: number): boolean {
  const { left, top, right, bottom } = coveredPixels(box, 0, imageWidth, imageHeight);
  return left === 0 && top === 0 && right === imageWidth && bottom === imageHeight;
}
