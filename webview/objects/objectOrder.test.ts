import { expect, test } from 'vitest';
import { encodeColumn } from '../../extension/protocol/columns';
import { chunkOf } from './chunk.fixture';
import { ComparedTable } from './comparedTable';
import { comparisonOf } from './comparison.fixture';
import { inOrder, orderNames, positionsOf, type OrderName } from './objectOrder';
import { ObjectTable } from './objectTable';
import { ScoreIndex } from './scoreIndex';

const floats = (...values: number[]): string => encodeColumn(Float32Array.from(values));
const classes = ['dog', 'Ape', 'cat'];

/** The order of the scores, turned round. */
const reversed = floats(0.1, 0.4, 0.2, 0.3);

/** Files trips, pets, trips, pets; classes dog, Ape, cat, dog. */
const table = new ObjectTable();
table.append(
  chunkOf([0.4, 0.1, 0.3, 0.2], 0, {
    files: ['trips/palace.jpg', 'pets/cat_1.jpg'],
    boxArea: floats(100, 2500, 4, 100),
    detectionScore: floats(NaN, 0.9, 0.2, 0.5),
    disagreement: floats(0.1, NaN, 0.3, 0),
    ...{ mcm: reversed, maxCosine: reversed, glMcm: reversed, runa: reversed },
  }),
);
/** Rows 0 and 3 moved by a quarter, 2 by a half, 1 is not in both scans. */
const compared = new ComparedTable(
  comparisonOf([
    { relation: 'both', score: 1, percentiles: [0.5, 0.25] },
    { relation: 'onlyHere' },
    { relation: 'both', score: 1, percentiles: [0, 0.5] },
    { relation: 'both', score: 1, percentiles: [0.25, 0.5] },
  ]),
);
const index = new ScoreIndex(table);
const ordered = { table, index, classes, threshold: 0.24, compared };

test.each<[OrderName, number[], number[]]>([
  ['score', [1, 3, 2, 0], [0, 2, 3, 1]],
  // .04, .06, .14 and .16 from δ.
  ['nearest', [3, 2, 1, 0], [0, 1, 2, 3]],
  // The others rank 0 as they do all in a reversed order: 3 places off, as row 1 is; 2 and 3 are 1 off.
  ['methods', [3, 2, 1, 0], [1, 0, 3, 2]],
  ['file', [1, 3, 2, 0], [2, 0, 1, 3]],
  ['class', [1, 2, 3, 0], [3, 0, 2, 1]],
  ['size', [2, 3, 0, 1], [1, 3, 0, 2]],
  ['detector', [2, 3, 1, 0], [1, 3, 2, 0]],
  ['disagreement', [3, 0, 2, 1], [2, 0, 3, 1]],
  ['moved', [3, 0, 2, 1], [2, 3, 0, 1]],
])('by %s, and backwards; equals lowest score first, without a value last', (by, ascending, descending) => {
  expect([...inOrder(index.rows, ordered, { by, descending: false })]).toEqual(ascending);
  expect([...inOrder(index.rows, ordered, { by, descending: true })]).toEqual(descending);
});

test('every row has its position in the list, or none', () => {
  expect([...positionsOf(Uint32Array.of(2, 0), 4)]).toEqual([1, -1, 0, -1]);
});

test('100,000 objects of 20,000 files are in any order, with all positions, in less than 100 ms', () => {
  const count = 100_000;
  const mixed = (row: number): number => (row * 7919) % count;
  const column = encodeColumn(Float32Array.from({ length: count }, (_, row) => mixed(row) / count));
  const large = new ObjectTable();
  const files = Array.from({ length: 20_000 }, (_, file) => `trips/day/photo_${mixed(file)}.jpg`);
  large.append({
    ...chunkOf([], 0),
    count,
    ids: Array.from({ length: count }, (_, row) => `id-${row}`),
    files,
    fileIndex: encodeColumn(Uint32Array.from({ length: count }, (_, row) => row % files.length)),
    predictedClass: encodeColumn(Uint16Array.from({ length: count }, (_, row) => row % 3)),
    verdict: encodeColumn(new Uint8Array(count)),
    ...{ score: column, boxArea: column, detectionScore: column },
    ...{ mcm: column, maxCosine: column, glMcm: column, runa: column },
  });
  const largeIndex = new ScoreIndex(large);
  const { rows } = largeIndex;
  const around = { table: large, index: largeIndex, classes, threshold: 0.3, compared: null };
  for (const by of orderNames) {
    // The best of a few, in time of the processor: other processes may take it meanwhile.
    const times = Array.from({ length: 8 }, () => {
      const start = process.cpuUsage();
      positionsOf(inOrder(rows, around, { by, descending: true }), count);
      return process.cpuUsage(start).user / 1000;
    });
    expect(Math.min(...times), `${by}: ${times.map(Math.round).join(' ')}`).toBeLessThan(80);
  }
});

test('where no scan is compared nothing moved, and the lowest score comes first', () => {
  expect([...inOrder(index.rows, { ...ordered, compared: null }, { by: 'moved', descending: true })]).toEqual(
    [1, 3, 2, 0],
  );
});
