import { describe, expect, it } from 'vitest';
import { encodeColumn } from '../../extension/protocol/columns';
import { chunkOf } from './chunk.fixture';
import { ObjectTable } from './objectTable';

describe('the table of objects', () => {
  it('grows by chunks that follow one another, each with its own list of files', () => {
    const table = new ObjectTable();
    expect(table.append(chunkOf([0.3, 0.1]))).toBe(true);
    const second = chunkOf([0.2], 2, { files: ['zoo/lion.jpg'], fileIndex: encodeColumn(Uint32Array.of(0)) });
    expect(table.append(second)).toBe(true);
    expect(table.count).toBe(3);
    expect([0, 1, 2].map((row) => table.fileOf(row))).toEqual([
      'pets/cat_1.jpg',
      'trips/palace.jpg',
      'zoo/lion.jpg',
    ]);
    expect(table.rowOf('id-2')).toBe(2);
    expect(table.score[2]).toBeCloseTo(0.2, 6);
  });

  it('refuses a chunk with rows missing before it', () => {
    const table = new ObjectTable();
    table.append(chunkOf([0.3]));
    expect(table.append(chunkOf([0.1], 2))).toBe(false);
    expect(table.count).toBe(1);
  });

  it('takes only what is new of a chunk that overlaps', () => {
    const table = new ObjectTable();
    table.append(chunkOf([0.3, 0.2]));
    expect(table.append(chunkOf([9, 0.4, 0.5], 1))).toBe(true);
    expect([...table.score.subarray(0, table.count)].map((score) => score.toFixed(1))).toEqual([
      '0.3',
      '0.2',
      '0.4',
      '0.5',
    ]);
    expect(table.append(chunkOf([9, 9]))).toBe(true);
    expect(table.count).toBe(4);
  });

  it('keeps its rows when it outgrows its room', () => {
    const table = new ObjectTable();
    const scores = Array.from({ length: 3000 }, (_, row) => row / 3000);
    for (let row = 0; row < scores.length; row += 500)
      table.append(chunkOf(scores.slice(row, row + 500), row));
    expect(table.score[1700]).toBeCloseTo(1700 / 3000, 6);
    expect(table.ids[2999]).toBe('id-2999');
  });

  it('holds verdicts with the class that was given', () => {
    const table = new ObjectTable();
    table.append(
      chunkOf([0.1, 0.2], 0, { verdict: encodeColumn(Uint8Array.of(2, 0)), assignedClass: { '0': 'cat' } }),
    );
    expect(table.decisionOf(0)).toEqual({ verdict: 'id', class: 'cat' });
    expect(table.decisionOf(1)).toBeNull();
    table.setDecision(1, { verdict: 'ood' });
    table.setDecision(0, null);
    expect(table.decisionOf(1)).toEqual({ verdict: 'ood' });
    expect(table.decisionOf(0)).toBeNull();
  });
});
