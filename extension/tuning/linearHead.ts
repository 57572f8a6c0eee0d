/**
 * The pooling head P as layer normalisation and one linear map: P(z) = A n(z) + b with n(z) = (z - mean) / √(variance + ε).
 * CLIP's head is of this form whatever the file's nodes look like, so it can be learned from what it gives.
 */
export interface LinearHead {
  /** A, D × Dv. */
  matrix: Float32Array;
  /** b, D. */
  offset: Float32Array;
  dimension: number;
  epsilon: number;
}

/** Of CLIP's post-layernorm. */
const epsilon = 1e-5;
/** A probe so long that ε is lost beside its variance. */
const probeLength = 1e4;
/** Quantised and half-precision heads round; a head of another form is far off. */
const mostDifference = 0.02;

/**
 * Reads the head off its answers to ± each axis: n is odd and b is even, so their difference is A n and their mean b.
 * A is only defined but for a constant a row, since n sums to zero; the row's mean is taken as zero.
 *
 * @param project `rows` tokens, rows × Dv to rows × D.
 * @param tokens real tokens, rows × Dv, on which the result is checked.
 * @throws RangeError when the head is of another form.
 */
export async function readLinearHead(
  project: (tokens: Float32Array, rows: number) => Promise<Float32Array>,
  width: number,
  tokens: Float32Array,
): Promise<LinearHead> {
  const probes = new Float32Array(2 * width * width);
  for (let axis = 0; axis < width; axis++) {
    probes[2 * axis * width + axis] = probeLength;
    probes[(2 * axis + 1) * width + axis] = -probeLength;
  }
  const answers = await project(probes, 2 * width);
  const dimension = answers.length / (2 * width);
  // n of an axis is c (e - 1/Dv), and A times the constant part is zero.
  const c = 1 / Math.sqrt(1 / width - 1 / width ** 2);
  const matrix = new Float32Array(dimension * width);
  const offset = new Float32Array(dimension);
  for (let axis = 0; axis < width; axis++)
    for (let d = 0; d < dimension; d++) {
      const plus = answers[2 * axis * dimension + d];
      const minus = answers[(2 * axis + 1) * dimension + d];
      matrix[d * width + axis] = (plus - minus) / 2 / c;
      offset[d] += (plus + minus) / 2 / width;
    }
  const head = { matrix, offset, dimension, epsilon };
  await check(head, project, width, tokens);
  return head;
}

/** P of one token by the learned form. */
export function projectLinearly(
  { matrix, offset, dimension, epsilon }: LinearHead,
  token: Float32Array,
): Float32Array {
  const width = token.length;
  const mean = token.reduce((sum, value) => sum + value, 0) / width;
  const variance = token.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
  const spread = Math.sqrt(variance + epsilon);
  return Float32Array.from({ length: dimension }, (_, d) => {
    let sum = offset[d];
    for (let k = 0; k < width; k++) sum += (matrix[d * width + k] * (token[k] - mean)) / spread;
    return sum;
  });
}

async function check(
  head: LinearHead,
  project: (tokens: Float32Array, rows: number) => Promise<Float32Array>,
  width: number,
  tokens: Float32Array,
): Promise<void> {
  const rows = tokens.length / width;
  const expected = await project(tokens, rows);
  for (let row = 0; row < rows; row++) {
    const token = tokens.subarray(row * width, (row + 1) * width);
    const own = projectLinearly(head, token);
    let difference = 0;
    let length = 0;
    for (let d = 0; d < head.dimension; d++) {
      const value = expected[row * head.dimension + d];
      difference += (own[d] - value) ** 2;
      length += value ** 2;
    }
    if (!(difference <= mostDifference ** 2 * length))
      throw new RangeError(
        'its pooling head is not a layer normalisation with one projection, as CLIP has it',
      );
  }
}
