/** Dense row-major matrices as flat typed arrays: the arithmetic every step shares. */

/** Norms at or below this count as zero; a cosine with a zero vector is 0. */
const smallestNorm = 1e-12;

/** Σ_k a[aStart+k]·b[bStart+k] over `length` terms, four partial sums in double precision. */
export function dotProduct(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  length: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[aStart + k] * b[bStart + k];
    s1 += a[aStart + k + 1] * b[bStart + k + 1];
    s2 += a[aStart + k + 2] * b[bStart + k + 2];
    s3 += a[aStart + k + 3] * b[bStart + k + 3];
  }
  for (; k < length; k++) s0 += a[aStart + k] * b[bStart + k];
  return s0 + s1 + s2 + s3;
}

/** The rows of `matrix` (rows × width) at unit length; a zero row stays zero. */
export function unitRows(matrix: Float32Array, width: number): Float32Array {
  const unit = new Float32Array(matrix.length);
  for (let start = 0; start < matrix.length; start += width) {
    const norm = Math.sqrt(dotProduct(matrix, start, matrix, start, width));
    if (norm <= smallestNorm) continue;
    for (let k = start; k < start + width; k++) unit[k] = matrix[k] / norm;
  }
  return unit;
}

/**
 * A·Bᵀ for A (rows × width) and B (columns × width): rows × columns. With unit rows these are cosines.
 * Two rows by four columns at a time, so that what is loaded is used more than once.
 */
export function multiplyTransposed(a: Float32Array, b: Float32Array, width: number): Float32Array {
  const rows = a.length / width;
  const columns = b.length / width;
  const product = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column += 4) {
    if (column + 4 > columns) {
      for (let rest = column; rest < columns; rest++)
        for (let row = 0; row < rows; row++)
          product[row * columns + rest] = dotProduct(a, row * width, b, rest * width, width);
      break;
    }
    const b0 = column * width;
    const b1 = b0 + width;
    const b2 = b1 + width;
    const b3 = b2 + width;
    for (let row = 0; row < rows; row++) {
      const start = row * width;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < width; k++) {
        const value = a[start + k];
        s0 += value * b[b0 + k];
        s1 += value * b[b1 + k];
        s2 += value * b[b2 + k];
        s3 += value * b[b3 + k];
      }
      const at = row * columns + column;
      product[at] = s0;
      product[at + 1] = s1;
      product[at + 2] = s2;
      product[at + 3] = s3;
    }
  }
  return product;
}

/** softmax(values / temperature), written anew; the largest value is taken off first so that nothing overflows. */
export function softmax(values: ArrayLike<number>, temperature = 1): Float64Array {
  let largest = -Infinity;
  for (let k = 0; k < values.length; k++) largest = Math.max(largest, values[k]);
  const result = new Float64Array(values.length);
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    result[k] = Math.exp((values[k] - largest) / temperature);
    sum += result[k];
  }
  for (let k = 0; k < values.length; k++) result[k] /= sum;
  return result;
}

/** Index of the largest value, the first of equals; -1 for an empty list. */
export function argmax(values: ArrayLike<number>): number {
  let best = -1;
  for (let k = 0; k < values.length; k++) if (best < 0 || values[k] > values[best]) best = k;
  return best;
}
