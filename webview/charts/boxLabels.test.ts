import { describe, expect, it } from 'vitest';
import { labelHeight, placeLabels, type LabelledBox, type PlacedLabel } from './boxLabels';

const box = (x: number, y: number, width = 60, height = 40, textWidth = 90): LabelledBox => ({
  textWidth,
  x,
  y,
  width,
  height,
});
const overlaps = (labels: readonly PlacedLabel[]): boolean =>
  labels.some((one, index) =>
    labels
      .slice(index + 1)
      .some(
        (other) =>
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          Math.abs(one.y - other.y) < labelHeight,
      ),
  );

describe('labels of boxes', () => {
  it('stand above their box, and inside the photo', () => {
    expect(placeLabels([box(100, 100)], 400, 300)[0].y).toBeLessThan(100 - labelHeight);
    const [corner] = placeLabels([box(390, 2)], 400, 300);
    expect(corner.y).toBeGreaterThanOrEqual(0);
    expect(corner.x + corner.width).toBeLessThanOrEqual(400);
    expect(placeLabels([box(0, 0, 60, 40, 900)], 400, 300)[0].width).toBe(400);
  });

  it('take another corner where one that matters more stands', () => {
    const placed = placeLabels([box(100, 100), box(104, 102), box(98, 101)], 400, 300);
    expect(placed.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(overlaps(placed)).toBe(false);
  });

  it('never lie over each other in a crowd: the less important are left out, the first never', () => {
    const crowd = Array.from({ length: 60 }, (_, index) => box((index * 37) % 340, (index * 53) % 250));
    const placed = placeLabels(crowd, 400, 300);
    expect(overlaps(placed)).toBe(false);
    expect(placed[0].index).toBe(0);
    expect(placed.length).toBeGreaterThan(10);
    expect(placed.length * 90 * labelHeight).toBeLessThanOrEqual(0.2 * 400 * 300);
    expect(
      placeLabels(
        Array.from({ length: 9 }, () => box(0, 0, 5, 5)),
        60,
        12,
      ),
    ).toHaveLength(1);
  });
});
