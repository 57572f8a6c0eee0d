import { comparableName } from './comparableName';

/** The index of the class that a dataset's label names; null where it names none. */
export type LabelReader = (label: string | null) => number | null;

/** Reads a dataset's labels against a class list. To be kept where many are read: it holds an index of the names. */
export function labelReader(classes: readonly string[]): LabelReader {
  const index = new Map(classes.map((name, at) => [comparableName(name), at]));
  return (label) => (label === null ? null : (index.get(comparableName(label)) ?? null));
}

/**
 * How far the scores speak against the dataset's label: the best class's score less that of the labelled class, 0 or more.
 *
 * @param labelled index of the labelled class; null: nothing is annotated, or its label is none of the scan's classes.
 */
export function labelDisagreement(labelled: number | null, classScores: ArrayLike<number>): number | null {
  if (labelled === null) return null;
  let best = classScores[labelled];
  for (let at = 0; at < classScores.length; at++) best = Math.max(best, classScores[at]);
  return best - classScores[labelled];
}

/** The objects whose label another class outscores, most doubtful first; equal ones in the order given. */
export function doubtfulLabels<Labelled extends { label: string | null; disagreement?: number | null }>(
  objects: readonly Labelled[],
): (Labelled & { label: string; disagreement: number })[] {
  return objects
    .flatMap((object) => {
      const { label, disagreement } = object;
      return label !== null && disagreement ? [{ ...object, label, disagreement }] : [];
    })
    .sort((a, b) => b.disagreement - a.disagreement);
}
