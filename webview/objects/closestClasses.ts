/** A class and how well an object fits it. */
export interface ClassScore {
  readonly name: string;
  readonly score: number;
  /** The dataset's label names it. */
  readonly isLabel: boolean;
}

/** The classes an object fits best, best first, and after them the labelled one where it is not among them; `classScores` in the order of `classes`. */
export function closestClasses(
  classScores: readonly number[],
  classes: readonly string[],
  most: number,
  /** Index of the class that the dataset's label names. */
  labelled: number | null,
): ClassScore[] {
  return classScores
    .map((score, index) => ({ name: classes[index] ?? '', score, isLabel: index === labelled }))
    .sort((one, other) => other.score - one.score)
    .filter(({ isLabel }, place) => place < most || isLabel);
}
