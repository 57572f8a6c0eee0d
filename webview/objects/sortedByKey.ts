/** Rows whose place fits beside a key of 32 bits in the 53 bits of a double. */
const largestRowCount = 2 ** 21;
/** The key of what has no value: after all others. */
export const noValueKey = 2 ** 32 - 1;

/**
 * Rows by a key, lowest first; rows of equal keys stay in the order they came in. One whole number holds key and place,
 * since a typed array sorts numbers far faster than with a comparison.
 * @param keyOf a whole number from 0 to 2³² − 1.
 * @throws when there are more than 2²¹ rows.
 */
export function sortedByKey(rows: Uint32Array, keyOf: (row: number) => number): Uint32Array {
  if (rows.length > largestRowCount)
    throw new Error(`A scan may have at most ${largestRowCount} objects; this one has ${rows.length}.`);
  const keys = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place++)
    keys[place] = keyOf(rows[place]) * largestRowCount + place;
  keys.sort();
  // Loops and a division: `from` and the remainder of doubles take longer than the sort itself.
  const sorted = new Uint32Array(rows.length);
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place];
    sorted[place] = rows[key - Math.floor(key / largestRowCount) * largestRowCount];
  }
  return sorted;
}

/** Whole numbers from 0 to 2³² − 1 in the order of the floats; NaN is the last of all. */
export function floatKeys(values: Float32Array): Uint32Array {
  const keys = new Uint32Array(values.slice().buffer);
  for (let at = 0; at < keys.length; at++) {
    // Negative floats order backwards by their bits, and below all positive ones.
    const bits = keys[at];
    keys[at] = Number.isNaN(values[at]) ? noValueKey : bits & 0x80000000 ? ~bits : bits | 0x80000000;
  }
  return keys;
}
