import { describe, expect, it } from 'vitest';
import { contourPath } from './contour';

const pointsOf = (path: string): [number, number][] =>
  path
    .split(/[ML]/)
    .filter(Boolean)
    .map((pair) => pair.split(' ').map(Number) as [number, number]);

describe('the contour of a map', () => {
  it('runs where a slope crosses the level', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index % 10) / 9);
    const points = pointsOf(contourPath({ rows: 10, columns: 10, values }, 0.5));
    expect(points.length).toBeGreaterThan(10);
    for (const [x] of points) expect(x).toBeCloseTo(0.5, 2);
  });

  it('is a circle around a round hill', () => {
    const side = 20;
    const values = Array.from({ length: side * side }, (_, index) => {
      const x = ((index % side) + 0.5) / side - 0.5;
      const y = (Math.floor(index / side) + 0.5) / side - 0.5;
      return 1 - Math.hypot(x, y) / 0.5;
    });
    const points = pointsOf(contourPath({ rows: side, columns: side, values }, 0.5));
    expect(points.length).toBeGreaterThan(40);
    for (const [x, y] of points) expect(Math.abs(Math.hypot(x - 0.5, y - 0.5) - 0.25)).toBeLessThan(0.01);
  });

  it('parts a saddle by what lies in its middle', () => {
    const apart = pointsOf(contourPath({ rows: 2, columns: 2, values: [1, 0, 0, 1] }, 0.7));
    // Two hills in opposite corners: no line passes through the middle.
    expect(Math.min(...apart.map(([x, y]) => Math.hypot(x - 0.5, y - 0.5)))).toBeGreaterThan(0.05);
  });

  it('is empty where the level is not crossed', () => {
    expect(contourPath({ rows: 3, columns: 3, values: new Float32Array(9) }, 0.5)).toBe('');
  });
});
