import type { Verdict } from './results';

/**
 * The name of its own that a verdict _out of distribution_ gives an object; undefined where it gives none, or one of the
 * class list.
 */
export function newNameOf(
  decision: { readonly verdict: Verdict; readonly class?: string | undefined } | null,
  isClass: (name: string) => boolean,
): string | undefined {
  if (decision?.verdict !== 'ood' || decision.class === undefined) return undefined;
  return isClass(decision.class) ? undefined : decision.class;
}

/** A name that is no class of the list, and how many objects carry it. */
export interface NewName {
  readonly name: string;
  readonly count: number;
}

/** Counts the new names that decisions give: the most frequent first; equal counts in order of the name. */
export function countNewNames(
  decisions: Iterable<Parameters<typeof newNameOf>[0]>,
  classes: readonly string[],
): NewName[] {
  const known = new Set(classes);
  const counts = new Map<string, number>();
  for (const decision of decisions) {
    const name = newNameOf(decision, (one) => known.has(one));
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
}
