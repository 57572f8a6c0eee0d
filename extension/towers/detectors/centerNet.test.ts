import { describe, expect, it } from 'vitest';
import { centerNetPeaks } from './centerNet';
import { keepDetections } from './nonMaximumSuppression';

const rows = 4;
const columns = 5;
const cells = rows * columns;

function heatMaps(
  classes: number,
  peaks: [classIndex: number, row: number, column: number, value: number][],
): Float32Array {
  const heat = new Float32Array(classes * cells);
  for (const [classIndex, row, column, value] of peaks)
    heat[classIndex * cells + row * columns + column] = value;
  return heat;
}

const edges = new Float32Array(4 * cells);
[3, 2, 5, 6].forEach((distance, edge) => edges.fill(distance, edge * cells, (edge + 1) * cells));

describe('CenterNet peaks', () => {
  it('draws the box around a peak from its four distances', () => {
    const [peak, ...others] = centerNetPeaks(
      { heat: heatMaps(2, [[1, 2, 3, 0.75]]), edges, rows, columns },
      0.5,
    );
    expect(others).toEqual([]);
    expect(peak).toEqual({ box: { x: 9, y: 6, width: 8, height: 8 }, score: 0.75 });
  });

  it('takes the strongest class of a cell, and one peak among neighbours of any class', () => {
    const heat = heatMaps(3, [
      [0, 1, 1, 0.6],
      [2, 1, 2, 0.9],
      [1, 3, 4, 0.4],
      [0, 3, 0, 0.2],
    ]);
    expect(
      centerNetPeaks({ heat, edges, rows, columns }, 0.3).map(({ score }) => Math.round(score * 10)),
    ).toEqual([9, 4]);
  });
});

describe('the overlap rule', () => {
  const options = { scoreThreshold: 0.3, overlapThreshold: 0.5, maximumObjects: 3, minimumSide: 10 };
  const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

  it('keeps the most certain of boxes that overlap by more than the limit', () => {
    const kept = keepDetections(
      [
        { box: box(0, 0, 40, 40), score: 0.5 },
        { box: box(2, 2, 40, 40), score: 0.8 },
        { box: box(30, 0, 40, 40), score: 0.4 },
      ],
      options,
      200,
      200,
    );
    expect(kept.map(({ score }) => score)).toEqual([0.8, 0.4]);
  });

  it('cuts boxes at the image and drops what is small, uncertain or too many', () => {
    const raw = [
      { box: box(-20, -10, 60, 60), score: 0.9 },
      { box: box(95, 0, 50, 50), score: 0.8 }, // 5 pixels are left of it
      { box: box(60, 60, 30, 30), score: 0.29 },
      { box: box(60, 0, 20, 20), score: 0.7 },
      { box: box(0, 60, 20, 20), score: 0.6 },
      { box: box(50, 60, 20, 20), score: 0.5 },
    ];
    const kept = keepDetections(raw, options, 100, 100);
    expect(kept.map(({ score }) => score)).toEqual([0.9, 0.7, 0.6]);
    expect(kept[0].box).toEqual(box(0, 0, 40, 50));
  });
});
