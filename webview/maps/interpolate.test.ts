import { describe, expect, it } from 'vitest';
import { interpolateGrid } from './interpolate';

describe('interpolating a grid', () => {
  it('gives each patch back at its centre', () => {
    const grid = { rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6] };
    expect([...interpolateGrid(grid, 3, 2)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is bilinear between centres and constant in the half patch along the border', () => {
    const grid = { rows: 1, columns: 2, values: [0, 1] };
    expect([...interpolateGrid(grid, 8, 1)]).toEqual([0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]);
  });

  it('keeps a plane a plane away from the border', () => {
    const side = 6;
    const values = Array.from(
      { length: side * side },
      (_, index) => 2 * (index % side) + 5 * Math.floor(index / side),
    );
    const fine = interpolateGrid({ rows: side, columns: side, values }, 60, 60);
    const planeAt = (x: number, y: number): number => 2 * ((x + 0.5) / 10 - 0.5) + 5 * ((y + 0.5) / 10 - 0.5);
    for (const [x, y] of [
      [12, 30],
      [31, 7],
      [50, 52],
    ])
      expect(fine[y * 60 + x]).toBeCloseTo(planeAt(x, y), 4);
  });

  it('handles a single patch', () => {
    expect([...interpolateGrid({ rows: 1, columns: 1, values: [0.5] }, 2, 2)]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});
