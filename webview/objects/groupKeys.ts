import type { ObjectTable } from './objectTable';

/** Which group a row belongs to: a whole number below `count`, and what tells the groups apart in any list of the scan. */
export interface GroupKeys {
  readonly count: number;
  of(row: number): number;
  /** The same in another list of the same scan. */
  name(key: number): string;
  /** Groups that come after all others, the first of them first. */
  readonly last?: readonly number[];
}

/** By the photo: a group has the name of its file. */
export const imageKeys = (table: ObjectTable): GroupKeys => ({
  count: table.files.length,
  of: (row) => table.fileIndex[row],
  name: (key) => table.files[key],
});

/** By the best class: a group has its name. */
export const classKeys = (table: ObjectTable, classes: readonly string[]): GroupKeys => ({
  count: classes.length,
  of: (row) => table.predictedClass[row],
  name: (key) => classes[key],
});
