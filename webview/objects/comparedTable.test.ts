import { describe, expect, it } from 'vitest';
import { shiftWords } from '../words/comparison';
import { ComparedTable } from './comparedTable';
import { comparisonOf } from './comparison.fixture';

const both = 'both' as const;

describe('what another scan says of the objects', () => {
  it('is told of those that both have, by the classes and δ of the other', () => {
    const table = new ComparedTable(
      comparisonOf([
        { relation: both, score: 0.25, predictedClass: 1, percentiles: [0.75, 0.25], overlap: 0.75 },
        { relation: 'onlyHere' },
        { relation: 'notCompared' },
      ]),
    );
    expect(table.otherOf(0)).toEqual({
      className: 'cow',
      score: 0.25,
      threshold: 0.5,
      flagged: true,
      overlap: 0.75,
      percentile: 0.75,
      otherPercentile: 0.25,
    });
    expect([table.otherOf(1), table.otherOf(2)]).toEqual([null, null]);
    expect([0, 1, 2].map((row) => table.relationOf(row))).toEqual(['both', 'onlyHere', 'notCompared']);
    expect([...table.inBoth]).toEqual([0]);
    expect(table.onlyHere).toBe(1);
  });

  it('is nothing of an object that was found since', () => {
    const table = new ComparedTable(comparisonOf([]));
    expect(table.relationOf(0)).toBe('notCompared');
    expect(table.otherOf(0)).toBeNull();
  });

  it('flags by the δ of a class where the other scan has one a class', () => {
    const comparison = comparisonOf([
      { relation: both, score: 0.55, predictedClass: 0 },
      { relation: both, score: 0.55, predictedClass: 1 },
    ]);
    const perClass = {
      chosen: true,
      truePositiveRate: 0.95,
      origin: '',
      classes: [{ class: 'cow', offset: 0.1, objects: 30 }],
    };
    const other = { ...comparison.other, threshold: { ...comparison.other.threshold, perClass } };
    expect([...new ComparedTable({ ...comparison, other }).flaggedThere]).toEqual([0, 1]);
  });

  it('is as far away as the object moved, either way', () => {
    const table = new ComparedTable(
      comparisonOf([
        { relation: both, score: 1, percentiles: [0.25, 0.75] },
        { relation: both, score: 1, percentiles: [1, 0.5] },
        { relation: 'onlyHere' },
      ]),
    );
    expect([...table.distance]).toEqual([0.5, 0.5, NaN]);
    expect([0, 1].map((row) => shiftWords(table.otherOf(row)!))).toEqual(['−50', '+50']);
  });
});
