import { formatScore, type Localisation } from '../../protocol/localisation';

/** A class to pick for an object. */
export interface ClassChoice {
  readonly label: string;
  /** How well the object fits it. */
  readonly description?: string;
}

/**
 * The class list as it is offered for one object: the closest class first, each with its score.
 * @param scores in the order of `classes`; empty while they are not known: the list keeps its order then.
 */
export function classChoices(
  classes: readonly string[],
  scores: readonly number[],
  l10n: Localisation,
): ClassChoice[] {
  if (scores.length !== classes.length) return classes.map((label) => ({ label }));
  return classes
    .map((label, index) => ({ label, score: scores[index] }))
    .sort((one, other) => other.score - one.score)
    .map(({ label, score }) => ({ label, description: formatScore(score, l10n) }));
}
