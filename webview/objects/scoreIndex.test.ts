import { describe, expect, it } from 'vitest';
import { isFlagged } from '../../extension/protocol/classThresholds';
import { encodeColumn } from '../../extension/protocol/columns';
import { chunkOf } from './chunk.fixture';
import { matchingRows, rowsOnSide } from './objectFilter';
import { ObjectTable } from './objectTable';
import { countBelow, quantile, ScoreIndex } from './scoreIndex';

function tableOf(scores: readonly number[], changes = {}): ObjectTable {
  const table = new ObjectTable();
  table.append(chunkOf(scores, 0, changes));
  return table;
}

describe('objects by score', () => {
  it('orders them as a plain sort does, ties as scanned, negative scores too', () => {
    const scores = [0.5, -0.25, 0, 0.5, -1, 3e-8, -0.25, 1];
    const expected = scores.map((_, row) => row).sort((a, b) => scores[a] - scores[b] || a - b);
    expect([...new ScoreIndex(tableOf(scores)).rows]).toEqual(expected);
  });

  it('flags what lies below δ, and not what is equal to it', () => {
    const index = new ScoreIndex(tableOf([0.1, 0.2, 0.3, 0.2]));
    expect(index.flagged(0.2)).toBe(1);
    expect(index.flagged(0.2001)).toBe(3);
    expect(index.flagged(-1)).toBe(0);
    expect(index.flagged(1)).toBe(4);
  });

  it('keeps the object whose very score δ is, though columns carry it in 32 bits', () => {
    // As 32-bit floats 0.1 lies above and 0.3 above its double, 0.7 below: compared unevenly one of them would be flagged.
    for (const score of [0.1, 0.3, 0.7]) {
      expect(new ScoreIndex(tableOf([score])).flagged(score)).toBe(0);
      expect(isFlagged(score, score)).toBe(false);
    }
  });

  it('levels scores where classes have a δ of their own, so that one δ parts them', () => {
    // Classes by turns: the second has its δ 0.25 higher, the third 0.125 lower.
    const table = tableOf([0.5, 0.625, 0.375, 0.25, 0.75, 0.25]);
    const index = new ScoreIndex(table, Float64Array.of(0, 0.25, -0.125));
    expect([...index.levelled]).toEqual([0.5, 0.375, 0.5, 0.25, 0.5, 0.375]);
    expect([...index.rows]).toEqual([3, 1, 5, 0, 2, 4]);
    expect(index.flagged(0.5)).toBe(3);
    const matches = matchingRows(table, index, ['cat', 'dog', 'bird'], {
      text: 'pets',
      labelDiffers: false,
      scores: null,
    });
    expect([...matches]).toEqual([0, 2, 4]);
    expect([...rowsOnSide(index, matches, 'flagged', 0.5)]).toEqual([]);
  });

  it('says which other methods flag an object at the same rate', () => {
    const index = new ScoreIndex(
      tableOf([0.1, 0.2, 0.3, 0.4], {
        mcm: encodeColumn(Float32Array.of(0.9, 0.1, 0.2, 0.3)),
        runa: encodeColumn(Float32Array.of(0.3, 0.1, 0.2, 0.9)),
      }),
    );
    expect(index.agreement(0, 2)).toEqual([false, true, true, false]);
    expect(index.agreement(1, 2)).toEqual([true, true, true, true]);
    expect(index.agreement(3, 4)).toEqual([true, true, true, true]);
    expect(index.agreement(0, 0)).toEqual([false, false, false, false]);
    expect(index.rankOf('mcm', 0.9)).toBe(0.75);
  });

  it('counts and ranks in sorted values', () => {
    expect(countBelow([], 1)).toBe(0);
    expect(countBelow([1, 2, 2, 3], 2)).toBe(1);
    expect(quantile([0, 1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('filtering the list', () => {
  const classes = ['cat', 'dog', 'bird'];
  const scores = [0.4, 0.1, 0.3, 0.2];

  it('shows either side of δ or both, lowest score first', () => {
    const table = tableOf(scores);
    const index = new ScoreIndex(table);
    const matches = matchingRows(table, index, classes, { text: ' ', labelDiffers: false, scores: null });
    expect([...rowsOnSide(index, matches, 'flagged', 0.25)]).toEqual([1, 3]);
    expect([...rowsOnSide(index, matches, 'kept', 0.25)]).toEqual([2, 0]);
    expect([...rowsOnSide(index, matches, 'all', 0.25)]).toEqual([1, 3, 2, 0]);
  });

  it('finds words in file, class and assigned class, all of them, in any case', () => {
    const table = tableOf(scores, {
      assignedClass: { '3': 'Quokka' },
      verdict: encodeColumn(Uint8Array.of(0, 0, 0, 2)),
      disagreement: encodeColumn(Float32Array.of(NaN, 0.2, 0, 0.1)),
    });
    const found = (text: string, labelDiffers = false): number[] => [
      ...matchingRows(table, new ScoreIndex(table), classes, { text, labelDiffers, scores: null }),
    ];
    expect(found('PALACE')).toEqual([1, 3]);
    expect(found('pets bird')).toEqual([2]);
    expect(found('quokka')).toEqual([3]);
    expect(found('palace bird')).toEqual([]);
    expect(table.hasLabels()).toBe(true);
    expect(found('', true)).toEqual([1, 3]);
    expect(found('quokka', true)).toEqual([3]);
    expect(found('pets', true)).toEqual([]);
  });
});
