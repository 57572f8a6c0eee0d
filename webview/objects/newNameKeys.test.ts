import { expect, it } from 'vitest';
import { chunkOf } from './chunk.fixture';
import { namesGiven, newNameKeys, newNameOfGroup, unnamedName } from './newNameKeys';
import { ObjectGroups } from './objectGroups';
import { ObjectTable } from './objectTable';

const rows = Uint32Array.of(0, 1, 2, 3, 4, 5);
const tableWith = (decisions: Parameters<ObjectTable['setDecision']>[1][]): ObjectTable => {
  const table = new ObjectTable();
  table.append(chunkOf(decisions.map((_, row) => row / 10)));
  decisions.forEach((decision, row) => table.setDecision(row, decision));
  return table;
};

it('puts objects of one new name together, and all others last', () => {
  const table = tableWith([
    null,
    { verdict: 'ood', class: 'forklift' },
    { verdict: 'ood', class: 'dog' }, // of the list
    { verdict: 'ood', class: unnamedName }, // a name like any other
    { verdict: 'ood', class: 'forklift' },
    { verdict: 'ood' },
  ]);
  const groups = new ObjectGroups(newNameKeys(table, ['dog', 'cat'], rows), rows, new Set());
  expect(groups.names().map(newNameOfGroup)).toEqual(['forklift', unnamedName, null]);
  expect([0, 1, 2].map((group) => [...groups.rowsOf(group)])).toEqual([[1, 4], [3], [0, 2, 5]]);
});

it('is one group where nothing was named', () => {
  const table = tableWith([null, { verdict: 'id', class: 'dog' }, { verdict: 'ignored' }, null, null, null]);
  const groups = new ObjectGroups(newNameKeys(table, ['dog'], rows), rows, new Set());
  expect(groups.names()).toEqual([unnamedName]);
  expect(groups.rowsOf(0)).toEqual(rows);
});

it('counts the names given, the most frequent first', () => {
  const table = tableWith([
    { verdict: 'ood', class: 'crane' },
    { verdict: 'ood', class: 'forklift' },
    { verdict: 'ood', class: 'dog' }, // of the list
    { verdict: 'id', class: 'cat' },
    { verdict: 'ood', class: 'forklift' },
    { verdict: 'ood', class: 'anchor' },
  ]);
  expect(namesGiven(table, ['dog', 'cat'])).toEqual([
    { name: 'forklift', count: 2 },
    { name: 'anchor', count: 1 },
    { name: 'crane', count: 1 },
  ]);
});
