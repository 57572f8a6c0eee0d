import type { Box } from './image';

/**
 * The tokens of the whole photo that a box hides: patches of which it covers `leastShare` or more. [CLS] is never hidden.
 *
 * @param width, height of the photo in pixels, which is squashed to the grid.
 * @param grid rows and columns of patches.
 * @returns 1 + rows·columns flags, index 0 is [CLS].
 */
export function hiddenTokens(
  box: Box,
  { width, height }: { width: number; height: number },
  [rows, columns]: readonly [number, number],
  leastShare: number,
): Uint8Array {
  const across = shares(box.x / width, (box.x + box.width) / width, columns);
  const down = shares(box.y / height, (box.y + box.height) / height, rows);
  const hidden = new Uint8Array(1 + rows * columns);
  down.forEach((share, row) =>
    across.forEach((other, column) => {
      if (share * other > 0 && share * other >= leastShare) hidden[1 + row * columns + column] = 1;
    }),
  );
  return hidden;
}

/** The share of each of `count` equal parts of [0, 1] that [start, end] covers. */
function shares(start: number, end: number, count: number): number[] {
  return Array.from({ length: count }, (_, part) =>
    Math.max(0, Math.min(end * count, part + 1) - Math.max(start * count, part)),
  );
}
