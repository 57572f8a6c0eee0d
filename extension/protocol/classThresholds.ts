import type { ClassThreshold, Threshold } from './scan';

/** The classes that have a δ of their own now: none unless one a class is chosen. */
export function classesWithOwnThreshold({ perClass }: Threshold): readonly ClassThreshold[] {
  return perClass?.chosen ? perClass.classes : [];
}

/** How far the δ of each class lies above the common one, in the order of `classes`; empty where all have that one. */
export function classOffsets(threshold: Threshold, classes: readonly string[]): Float64Array {
  const own = new Map(classesWithOwnThreshold(threshold).map((entry) => [entry.class, entry.offset]));
  return own.size === 0 ? new Float64Array() : Float64Array.from(classes, (name) => own.get(name) ?? 0);
}

/** δ of each class, in the order of `classes`. */
export function thresholdsByClass(threshold: Threshold, classes: readonly string[]): Float64Array {
  const offsets = classOffsets(threshold, classes);
  return Float64Array.from(classes, (_, at) => threshold.value + (offsets[at] ?? 0));
}

/**
 * True when an object is flagged at the δ of its class: S < δ. Both are compared as 32-bit floats, since columns carry
 * scores so and δ is often the very score of an object.
 */
export function isFlagged(score: number, threshold: number): boolean {
  return Math.fround(score) < Math.fround(threshold);
}
