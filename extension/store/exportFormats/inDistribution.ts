import type { ResultObject, Results } from '../../protocol/results';

/** An object that counts as one of the classes, and which: its place in the class list. */
export interface KnownObject {
  object: ResultObject;
  classIndex: number;
}

/**
 * What a detector may be trained on: objects the reviewer judged in distribution, and those without a verdict that are not
 * flagged. The reviewer's class goes before the predicted one; an object of a class the scan does not know is left out.
 */
export function inDistribution({ classes, objects }: Pick<Results, 'classes' | 'objects'>): KnownObject[] {
  const places = new Map(classes.map((name, at) => [name, at]));
  return objects.flatMap((object) => {
    const { decision, flagged, predictedClass } = object;
    const isKnown = decision ? decision.verdict === 'id' : !flagged;
    const classIndex = places.get(decision?.class ?? predictedClass);
    return isKnown && classIndex !== undefined ? [{ object, classIndex }] : [];
  });
}
