import { describe, expect, it } from 'vitest';
import { changeNames, countChanges, rowsThatDiffer, type ChangeName } from './changes';
import { ComparedTable } from './comparedTable';
import { comparisonOf, type ComparedRow } from './comparison.fixture';

const flaggedThere: ComparedRow = { relation: 'both', score: 0.25 };
const keptThere: ComparedRow = { relation: 'both', score: 0.75 };
const rows = [
  flaggedThere,
  keptThere,
  flaggedThere,
  keptThere,
  keptThere,
  { relation: 'onlyHere' },
  { relation: 'notCompared' },
] satisfies ComparedRow[];
const flaggedHere = new Set([0, 1, 4, 5, 6]);
const table = new ComparedTable(comparisonOf(rows));
const isFlaggedHere = (row: number): boolean => flaggedHere.has(row);

describe('objects that differ from the other scan', () => {
  it.each<[ChangeName, number[]]>([
    ['changed', [4, 2, 1]],
    ['newlyFlagged', [4, 1]],
    ['noLongerFlagged', [2]],
    ['onlyHere', [5]],
  ])('%s are rows %j, in the order of the list', (change, expected) => {
    const listed = Uint32Array.from([6, 5, 4, 3, 2, 1, 0]);
    expect([...rowsThatDiffer(listed, table, isFlaggedHere, change)]).toEqual(expected);
  });

  it('are counted as they are listed; what is in one scan alone is on no side', () => {
    const counts = countChanges(table, isFlaggedHere);
    const all = Uint32Array.from(rows.keys());
    for (const change of changeNames)
      expect(counts[change]).toBe(rowsThatDiffer(all, table, isFlaggedHere, change).length);
    expect(counts).toMatchObject({ flaggedInBoth: 1, keptInBoth: 1, changed: 3 });
  });

  it('are found and counted among 100,000 in a few milliseconds', () => {
    const many = Array.from({ length: 100_000 }, (_, row) => rows[(row * 7919) % rows.length]);
    const large = new ComparedTable(comparisonOf(many));
    const all = Uint32Array.from(many.keys());
    const levelled = Float32Array.from(many, (_, row) => ((row * 7907) % 1000) / 1000);
    const isFlagged = (row: number): boolean => levelled[row] < 0.5;
    // The best of a few, in time of the processor: other processes may take it meanwhile.
    const times = Array.from({ length: 8 }, () => {
      const start = process.cpuUsage();
      countChanges(large, isFlagged);
      rowsThatDiffer(all, large, isFlagged, 'changed');
      return process.cpuUsage(start).user / 1000;
    });
    expect(Math.min(...times), times.map(Math.round).join(' ')).toBeLessThan(15);
  });
});
