import { comparableName } from '../../protocol/comparableName';
import type { LabelledObject } from '../../tuning/shots';
import type { LabelledPhoto } from './labelledPhotos';

/** Labels outside of the class list become -1; objects without a label are left out. */
export function labelledObjects(
  photos: readonly LabelledPhoto[],
  classes: readonly string[],
): LabelledObject[] {
  const labelOf = labelsOf(classes);
  return photos.flatMap(({ file, objects }) =>
    objects.flatMap((object, place) => {
      const label = labelOf(object);
      return label === null ? [] : [{ picture: file, place, label }];
    }),
  );
}

/** The place of an object's label in the class list; -1: outside of it, null: it has none. */
export function labelsOf(
  classes: readonly string[],
): (object: LabelledPhoto['objects'][number]) => number | null {
  const index = new Map(classes.map((name, at) => [comparableName(name), at]));
  return ({ label, isOutside }) => {
    if (isOutside === true) return -1;
    return label === null ? null : (index.get(comparableName(label)) ?? -1);
  };
}
