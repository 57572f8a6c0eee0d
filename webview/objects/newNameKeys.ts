import { countNewNames, newNameOf, type NewName } from '../../extension/protocol/newName';
import type { GroupKeys } from './groupKeys';
import type { ObjectTable } from './objectTable';

/** The group of what carries no new name; it comes last. */
export const unnamedName = 'unnamed';
const prefix = 'named ';

/**
 * By the name of its own that a verdict _out of distribution_ gave an object, so that the heads count what new classes the data
 * hold. Names of the class list are none.
 *
 * @param rows those of the list.
 */
export function newNameKeys(table: ObjectTable, classes: readonly string[], rows: Uint32Array): GroupKeys {
  const known = new Set(classes);
  const nameOf = (row: number): string | undefined =>
    newNameOf(table.decisionOf(row), (name) => known.has(name));
  const names: string[] = [];
  const keyOf = new Map<string, number>();
  for (const row of rows) {
    const name = nameOf(row);
    if (name === undefined || keyOf.has(name)) continue;
    keyOf.set(name, names.length);
    names.push(name);
  }
  const unnamed = names.length;
  return {
    count: names.length + 1,
    of: (row) => keyOf.get(nameOf(row) ?? '') ?? unnamed,
    name: (key) => (key === unnamed ? unnamedName : `${prefix}${names[key]}`),
    last: [unnamed],
  };
}

/** The name that the objects of a group carry; null: none. @param group as the keys name it. */
export const newNameOfGroup = (group: string): string | null =>
  group === unnamedName ? null : group.slice(prefix.length);

/** Names of their own that objects of the table carry, as `countNewNames` has them. */
export const namesGiven = (table: ObjectTable, classes: readonly string[]): NewName[] =>
  countNewNames(
    Array.from({ length: table.count }, (_, row) => table.decisionOf(row)),
    classes,
  );
