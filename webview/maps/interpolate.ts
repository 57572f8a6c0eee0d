/** Values on a grid, row by row. Each value stands at the centre of its patch. */
export interface ValueGrid {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

/**
 * The grid at `width` × `height` points spread evenly over the same area, row by row: bilinear between patch centres,
 * constant in the half patch along the border.
 */
export function interpolateGrid(grid: ValueGrid, width: number, height: number): Float32Array {
  const result = new Float32Array(width * height);
  const across = positions(width, grid.columns);
  const down = positions(height, grid.rows);
  const line = new Float32Array(grid.columns);
  for (let y = 0; y < height; y++) {
    blendRows(grid, down.first[y] ?? 0, down.share[y] ?? 0, line);
    const start = y * width;
    for (let x = 0; x < width; x++) {
      const first = across.first[x];
      const near = line[first];
      result[start + x] = near + across.share[x] * ((line[first + 1] ?? near) - near);
    }
  }
  return result;
}

function blendRows(grid: ValueGrid, first: number, share: number, line: Float32Array): void {
  const upper = first * grid.columns;
  const lower = Math.min(grid.rows - 1, first + 1) * grid.columns;
  for (let column = 0; column < grid.columns; column++) {
    const above = grid.values[upper + column] ?? 0;
    line[column] = above + share * ((grid.values[lower + column] ?? 0) - above);
  }
}

/** For each of `count` points over `cells` patches: the patch centre at or before it, and the share of the next one. */
function positions(count: number, cells: number): { first: Int32Array; share: Float32Array } {
  const first = new Int32Array(count);
  const share = new Float32Array(count);
  for (let point = 0; point < count; point++) {
    const place = Math.min(cells - 1, Math.max(0, ((point + 0.5) / count) * cells - 0.5));
    first[point] = Math.min(Math.floor(place), cells - 1);
    share[point] = place - Math.floor(place);
  }
  return { first, share };
}
