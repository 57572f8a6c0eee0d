import { RankedScores } from '../evaluation/metrics';
import { seededRandom, shuffled } from '../pipeline/seededRandom';
import type { Advantage } from '../protocol/tuning';
import type { HeldOutScores } from './heldOut';

/** Pictures of the held-out objects, in their order. */
export interface HeldOutPictures {
  known: readonly string[];
  outside: readonly string[];
}

/** Ways of halving the pictures. */
const divisions = 40;
/** Fewer pictures can be halved in hardly any other way. */
const fewestPictures = 4;

/**
 * What choosing the best of many ways of scoring gains over the untuned one on objects that did not take part in the choice.
 * The best of a hundred looks is always better where it was chosen, so the held-out pictures are halved again and again: one half
 * chooses by AUROC, the other judges, and the other way round. Halves without objects on both sides count as no lead.
 *
 * @param candidates all looks in all forms, first the untuned one; of equal ones the first is chosen.
 */
export function crossFitAdvantage(
  candidates: readonly HeldOutScores[],
  { known, outside }: HeldOutPictures,
): Advantage {
  const strange = candidates[0].against === 'outside' ? outside : known;
  const pictures = [...new Set([...known, ...strange])];
  const ranked = candidates.map((scores) => new RankedScores(scores.known, scores.strange));
  const random = seededRandom(1);
  const gains: number[] = [];
  for (let division = 0; division < divisions; division++) {
    const half = new Set(shuffled(pictures, random).slice(0, pictures.length >> 1));
    const weights = [true, false].map((inside) =>
      [...known, ...strange].map((picture) => (half.has(picture) === inside ? 1 : 0)),
    );
    const aurocs = weights.map((side) => ranked.map((scores) => scores.figures(side)?.auroc));
    if (aurocs.some(([ofUntuned]) => ofUntuned === undefined)) continue;
    const [one, other] = aurocs as number[][];
    gains.push((gainOf(one, other) + gainOf(other, one)) / 2);
  }
  if (gains.length === 0 || pictures.length < fewestPictures) return { mean: 0, range: [0, 0], lead: 0 };
  gains.sort((a, b) => a - b);
  const at = (share: number): number => gains[Math.min(gains.length - 1, Math.floor(share * gains.length))];
  return {
    mean: gains.reduce((sum, gain) => sum + gain, 0) / gains.length,
    range: [at(0.05), at(0.95)],
    lead: gains.filter((gain) => gain > 0).length / divisions,
  };
}

/** What the best of `chosenBy` has more than the first in `judgedBy`. */
function gainOf(chosenBy: readonly number[], judgedBy: readonly number[]): number {
  return judgedBy[chosenBy.indexOf(Math.max(...chosenBy))] - judgedBy[0];
}
