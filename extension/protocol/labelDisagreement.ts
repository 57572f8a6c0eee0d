import { labelMeanings } from './classNames';

/** The index of the class that a dataset's label names; null where it names none. */
export type LabelReader = (label: string | null) => number | null;

/** Reads a dataset's labels against a class list, by `labelMeanings`. To be kept where many are read. */
export function labelReader(classes: readonly string[]): LabelReader {
  const meaningOf = labelMeanings(classes);
  return (label) => {
    const meaning = label === null ? null : meaningOf(label);
    return meaning?.is === 'class' ? meaning.place : null;
  };
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
