import { labelMeanings } from '../../protocol/classNames';
import type { LabelledObject } from '../../tuning/shots';
import type { LabelledPhoto } from './labelledPhotos';

/** Labels outside of the class list become -1; objects without a label, or with an unclear one, are left out. */
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

/** The place of an object's label in the class list; -1: outside of it, null: it has none, or one that is neither surely. */
export function labelsOf(
  classes: readonly string[],
): (object: LabelledPhoto['objects'][number]) => number | null {
  const meaningOf = labelMeanings(classes);
  return ({ label, isOutside }) => {
    if (isOutside === true) return -1;
    if (label === null) return null;
    const meaning = meaningOf(label);
    return meaning.is === 'class' ? meaning.place : meaning.is === 'outside' ? -1 : null;
  };
}
