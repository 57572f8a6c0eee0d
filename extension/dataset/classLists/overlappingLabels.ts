import { labelMeanings, type LabelMeaning } from '../../protocol/classNames';

/** A label of the OOD side that names a class of the ID list, or could. */
export interface OverlappingLabel {
  label: string;
  /** How many of the labels say so. */
  objects: number;
  reason: string;
}

/**
 * The labels of an OOD set that name a known class or could, which may not be measured as unknown.
 *
 * @param oodLabels one entry an object. @returns in the order they first come.
 */
export function removeOverlap(
  idClasses: readonly string[],
  oodLabels: readonly string[],
): OverlappingLabel[] {
  const meaningOf = labelMeanings(idClasses);
  const counts = new Map<string, number>();
  for (const label of oodLabels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].flatMap(([label, objects]) => {
    const meaning = meaningOf(label);
    return meaning.is === 'outside' ? [] : [{ label, objects, reason: reasonFor(meaning, idClasses) }];
  });
}

function reasonFor(meaning: Exclude<LabelMeaning, { is: 'outside' }>, idClasses: readonly string[]): string {
  if (meaning.is === 'unclear') return `could be ${idClasses[meaning.near]}`;
  const name = idClasses[meaning.place];
  switch (meaning.by) {
    case 'name':
      return 'a class of the list';
    case 'spelling':
      return `another spelling of ${name}`;
    case 'synonym':
      return `another name of ${name}`;
    case 'kind':
      return `a kind of ${name}`;
  }
}
