/** A class and how well an object fits it. */
export interface ClassScore {
  readonly name: string;
  readonly score: number;
}

/** The classes an object fits best, best first; `classScores` in the order of `classes`. */
export function closestClasses(
  classScores: readonly number[],
  classes: readonly string[],
  most: number,
): ClassScore[] {
  return classScores
    .map((score, index) => ({ name: classes[index] ?? '', score }))
    .sort((one, other) => other.score - one.score)
    .slice(0, most);
}
