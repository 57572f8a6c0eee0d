import { baselineNames } from './objectTable';
import type { ScoreIndex } from './scoreIndex';

const known = new WeakMap<ScoreIndex, Float32Array>();

/**
 * By how much the other methods rank each object elsewhere, in [0, 1]: the distance between the share of objects that
 * UNI-OOD scores below it and the mean of those shares by the others. By row.
 */
export function methodDisagreement(index: ScoreIndex): Float32Array {
  const before = known.get(index);
  if (before) return before;
  const own = index.ranks('score');
  const others = baselineNames.map((name) => index.ranks(name));
  const disagreement = new Float32Array(index.count);
  for (let row = 0; row < index.count; row++) {
    let sum = 0;
    for (const ranks of others) sum += ranks[row];
    disagreement[row] = Math.abs(own[row] - sum / others.length) / index.count;
  }
  known.set(index, disagreement);
  return disagreement;
}
