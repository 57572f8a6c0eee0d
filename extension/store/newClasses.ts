import { newNameOf } from '../protocol/newName';
import type { Results } from '../protocol/results';

/** A name that is no class of the list, and how many objects carry it. */
export interface NewClass {
  readonly name: string;
  readonly count: number;
}

/** The names that verdicts _out of distribution_ carry, the most frequent first; equal counts in order of the name. */
export function newClassesOf({ classes, objects }: Pick<Results, 'classes' | 'objects'>): NewClass[] {
  const counts = new Map<string, number>();
  for (const { decision } of objects) {
    const name = newNameOf(decision, (known) => classes.includes(known));
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
}
