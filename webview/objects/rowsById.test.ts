import { describe, expect, it } from 'vitest';
import { RowsById } from './rowsById';

const named = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `id-${from + at}`);

describe('rows by id', () => {
  const lookups = [
    ['searched', () => undefined],
    ['mapped', (rows: RowsById) => rows.map()],
    [
      'mapped after many lookups',
      (rows: RowsById) => {
        for (let row = 0; row < 100; row++) expect(rows.rowOf(`id-${row}`)).toBe(row);
      },
    ],
  ] as const;
  it.each(lookups)('are found, %s, among those that came later too', (_, prepare) => {
    const rows = new RowsById();
    rows.append(named(0, 200));
    prepare(rows);
    expect(rows.rowOf('id-199')).toBe(199);
    expect(rows.rowOf('id-199')).toBe(199);
    expect(rows.rowOf('id-200')).toBeUndefined();
    rows.append(named(200, 300));
    expect(rows.rowOf('id-200')).toBe(200);
    expect(rows.rowOf('id-0')).toBe(0);
    expect(rows.ids[299]).toBe('id-299');
  });

  it('are not there in an empty table', () => {
    const rows = new RowsById();
    expect(rows.rowOf('')).toBeUndefined();
    rows.map();
    expect(rows.rowOf('')).toBeUndefined();
  });
});
