import { countNewNames, type NewName } from '../protocol/newName';
import type { Results } from '../protocol/results';

/** The names that verdicts _out of distribution_ of results carry, as `countNewNames` has them. */
export function newClassesOf({ classes, objects }: Pick<Results, 'classes' | 'objects'>): NewName[] {
  return countNewNames(
    objects.map(({ decision }) => decision),
    classes,
  );
}
