import { notCompared } from '../../extension/protocol/likeness';
import type { GroupKeys } from './groupKeys';
import type { ObjectTable } from './objectTable';

/** Groups that hold what is in none; they come last. */
export const aloneName = 'alone';
export const notComparedName = 'notCompared';

/**
 * By likeness: a group has the name of the object that stands for it. Rows that are like no other of the list are a group of
 * their own, and so are those that were not compared: they came later, or carry nothing to compare.
 *
 * @param alike of each row of the table the row that stands for its group; it may be shorter than the table, or longer.
 * @param rows those of the list.
 */
export function alikeKeys(alike: Uint32Array, rows: Uint32Array, { count, ids }: ObjectTable): GroupKeys {
  // What stands for a group may have been found since the table was told.
  const alone = Math.max(count, alike.length);
  const uncompared = alone + 1;
  const sizes = new Uint32Array(alone);
  const standsFor = (row: number): number => (row < alike.length ? alike[row] : notCompared);
  for (const row of rows) if (standsFor(row) !== notCompared) sizes[standsFor(row)]++;
  return {
    count: alone + 2,
    of: (row) => {
      const key = standsFor(row);
      if (key === notCompared) return uncompared;
      return sizes[key] > 1 ? key : alone;
    },
    name: (key) =>
      key === alone ? aloneName : key === uncompared ? notComparedName : `like ${ids[key] ?? key}`,
    last: [alone, uncompared],
  };
}

/** Whether a group of this name holds objects that are alike. */
export const isGroupOfAlike = (name: string): boolean => name !== aloneName && name !== notComparedName;

/** So many of the rows, from the first to the last of them and as far apart as can be; all where there are no more. */
export function spread(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from(
    { length: most },
    (_, at) => rows[Math.floor((at * (rows.length - 1)) / (most - 1))],
  );
}

/** What most of the rows are called, the first of equals, and whether all are: a name that was given goes before the class. */
export function commonName(
  rows: Uint32Array,
  nameOf: (row: number) => string,
): { name: string; isOfAll: boolean } {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  let most = '';
  for (const [name, count] of counts) if (count > (counts.get(most) ?? 0)) most = name;
  return { name: most, isOfAll: counts.size === 1 };
}
