/**
 * How far the scores speak against the dataset's label: the best class's score less that of the labelled class, 0 or more.
 *
 * @returns null where nothing is annotated, or its label is none of the scan's classes.
 */
export function labelDisagreement(
  label: string | null,
  classScores: Readonly<Record<string, number>>,
): number | null {
  if (label === null || !Object.hasOwn(classScores, label)) return null;
  return Math.max(...Object.values(classScores)) - classScores[label];
}

/** The objects whose label another class outscores, most doubtful first; equal ones in the order given. */
export function doubtfulLabels<
  Labelled extends { label: string | null; classScores: Record<string, number> },
>(objects: readonly Labelled[]): (Labelled & { label: string; disagreement: number })[] {
  return objects
    .flatMap((object) => {
      const disagreement = labelDisagreement(object.label, object.classScores);
      return object.label !== null && disagreement !== null && disagreement > 0
        ? [{ ...object, label: object.label, disagreement }]
        : [];
    })
    .sort((a, b) => b.disagreement - a.disagreement);
}
