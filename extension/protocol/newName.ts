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
