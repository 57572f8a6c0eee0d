import { differenceInterval, PictureBootstrap } from '../evaluation/bootstrap';
import type { Advantage } from '../protocol/tuning';
import type { HeldOutScores } from './heldOut';

/** Pictures of the held-out objects, in their order. */
export interface HeldOutPictures {
  known: readonly string[];
  outside: readonly string[];
}

/**
 * How sure it is that one way of scoring tells the held-out objects apart better than another: by AUROC, over pictures drawn
 * anew, the same for both.
 */
export function advantageOver(
  untuned: HeldOutScores,
  tuned: HeldOutScores,
  { known, outside }: HeldOutPictures,
): Advantage {
  const bootstrap = new PictureBootstrap(known, [tuned.against === 'outside' ? outside : known]);
  const one = bootstrap.figures(0, tuned.known, tuned.strange);
  const other = bootstrap.figures(0, untuned.known, untuned.strange);
  const differences = one.flatMap((figures, draw) => {
    const reference = other[draw];
    return figures && reference ? [figures.auroc - reference.auroc] : [];
  });
  return {
    interval: differenceInterval(one, other),
    lead: differences.filter((difference) => difference > 0).length / differences.length,
  };
}
