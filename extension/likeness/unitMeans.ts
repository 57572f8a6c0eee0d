import type { Membership } from './membership';

/** Directions as a byte an entry, a row each, of any length; see `store/embeddings`. */
export interface Directions {
  readonly values: Int8Array;
  readonly width: number;
}

/** Directions with the length of each row, 1 where it is zero. */
export interface MeasuredDirections extends Directions {
  readonly lengths: Float32Array;
}

export function measured({ values, width }: Directions): MeasuredDirections {
  const lengths = new Float32Array(values.length / width);
  for (let row = 0; row < lengths.length; row++) {
    let sum = 0;
    for (let k = row * width; k < (row + 1) * width; k++) sum += values[k] * values[k];
    lengths[row] = Math.sqrt(sum) || 1;
  }
  return { values, width, lengths };
}

/**
 * The mean of the unit vectors of each group, groups × width. Its products are average cosines: that of two means is the
 * average over all pairs of a member of the one and one of the other.
 */
export function unitMeans(
  { values, width, lengths }: MeasuredDirections,
  { members, starts }: Membership,
  groups: Uint32Array,
): Float32Array {
  const means = new Float32Array(groups.length * width);
  for (let at = 0; at < groups.length; at++) {
    const [first, end] = [starts[groups[at]], starts[groups[at] + 1]];
    const to = at * width;
    for (let place = first; place < end; place++) {
      const from = members[place] * width;
      const scale = 1 / ((end - first) * lengths[members[place]]);
      for (let k = 0; k < width; k++) means[to + k] += scale * values[from + k];
    }
  }
  return means;
}
