import { interpolateGrid, type ValueGrid } from './interpolate';

/** Points a patch side is divided into before the line is looked for, so that it bends as the drawn map does. */
const pointsPerPatch = 6;

/**
 * The line where the interpolated grid crosses `level`, as an SVG path over the unit square (marching squares).
 * Empty when it is nowhere crossed.
 */
export function contourPath(grid: ValueGrid, level: number): string {
  const width = grid.columns * pointsPerPatch;
  const height = grid.rows * pointsPerPatch;
  const field = interpolateGrid(grid, width, height);
  let path = '';
  for (let y = 0; y + 1 < height; y++)
    for (let x = 0; x + 1 < width; x++) {
      const start = y * width + x;
      const corners = [field[start], field[start + 1], field[start + width + 1], field[start + width]];
      for (const [from, to] of segments(corners, level)) path += `M${point(x, y, from)}L${point(x, y, to)}`;
    }
  return path;

  function point(x: number, y: number, [dx, dy]: Point): string {
    return `${((x + dx + 0.5) / width).toFixed(4)} ${((y + dy + 0.5) / height).toFixed(4)}`;
  }
}

type Point = readonly [number, number];

/** Corners clockwise from the upper left, in a unit cell. */
function segments(corners: readonly number[], level: number): [Point, Point][] {
  const crossings: Point[] = [];
  const places: Point[] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  for (let side = 0; side < 4; side++) {
    const next = (side + 1) % 4;
    const from = corners[side];
    const to = corners[next];
    if (from >= level === to >= level) continue;
    const share = (level - from) / (to - from);
    const [x, y] = places[side];
    const [nextX, nextY] = places[next];
    crossings.push([x + share * (nextX - x), y + share * (nextY - y)]);
  }
  const [a, b, c, d] = crossings;
  if (!a || !b) return [];
  if (!c || !d) return [[a, b]];
  // A saddle: which corners belong together is what the middle says.
  const middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
  return middle >= level === corners[0] >= level
    ? [
        [a, b],
        [c, d],
      ]
    : [
        [d, a],
        [b, c],
      ];
}
