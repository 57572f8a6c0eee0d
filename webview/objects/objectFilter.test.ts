import { expect, test } from 'vitest';
import { encodeColumn } from '../../extension/protocol/columns';
import { chunkOf } from './chunk.fixture';
import { filterTerms, verdictTerms, type ScoreRange } from './filterTerms';
import { matchingRows } from './objectFilter';
import { ObjectTable } from './objectTable';
import { ScoreIndex } from './scoreIndex';

const classes = ['dog', 'cat', 'traffic light'];

/** Files pets, trips by turns; classes dog, cat, traffic light by turns. */
function listed(text: string, scores: ScoreRange | null = null): number[] {
  const table = new ObjectTable();
  const detectionScore = encodeColumn(Float32Array.from([0.9, 0.2, NaN, 0.6]));
  table.append(chunkOf([0.4, 0.1, 0.3, 0.2], 0, { detectionScore }));
  table.setDecision(0, { verdict: 'ood', class: 'forklift' });
  table.setDecision(1, { verdict: 'ignored' });
  return [...matchingRows(table, new ScoreIndex(table), classes, { text, labelDiffers: false, scores })];
}

test.each([
  ['', [1, 3, 2, 0]],
  ['class:dog', [3, 0]],
  ['class:"Traffic Light"', [2]],
  ['folder:pets', [2, 0]],
  ['folder:pets/', [2, 0]],
  ['folder:pet', []],
  ['verdict:unreviewed', [3, 2]],
  ['verdict:ood verdict:ignored', [1, 0]],
  ['score:0.15..0.35', [3, 2]],
  ['score:0.25..', [2, 0]],
  ['score:0.2..0.3', [3, 2]],
  ['detector:0.5..', [3, 0]],
  ['detector:..1', [1, 3, 0]],
  ['forklift', [0]],
  ['class:dog verdict:unreviewed', [3]],
  ['class:', [1, 3, 2, 0]],
  ['score:high', []],
])('%s lists rows %j, lowest score first', (text, rows) => {
  expect(listed(text)).toEqual(rows);
});

test('a range of scores holds beside the text, both ends included', () => {
  expect(listed('', { least: 0.2, most: 0.3 })).toEqual([3, 2]);
  expect(listed('class:dog', { least: 0.2, most: 0.3 })).toEqual([3]);
  expect(listed('score:0.25..', { least: 0, most: 0.3 })).toEqual([2]);
});

test('every verdict the store knows has a term', () => {
  verdictTerms.forEach((term, code) => expect(filterTerms(`verdict:${term}`).verdicts).toEqual([code]));
  expect(verdictTerms).toEqual(['unreviewed', 'ood', 'id', 'ignored']);
});
