import { plainProducts, type MatrixProducts } from './matrixProducts';

/** An affine map of tokens, z ↦ R z + offset. `matrix` holds R row by row, Dv × Dv. */
export interface TokenMap {
  matrix: Float32Array;
  offset: Float32Array;
}

/** R z + offset for every row of `tokens` (rows × Dv). */
export async function mapTokens(
  map: TokenMap,
  tokens: Float32Array,
  products: MatrixProducts = plainProducts,
): Promise<Float32Array> {
  const width = map.offset.length;
  const mapped = await products.transposed(tokens, map.matrix, width);
  for (let at = 0; at < mapped.length; at++) mapped[at] += map.offset[at % width];
  return mapped;
}

/** The share of the mean variance that the ridge adds to every variance; found by measuring small towers. */
export const ridgeShare = 0.3;

/**
 * Ridge regression of `targets` on `inputs` (both samples × width): the token map that restores the absolute scale of
 * [CLS] to attention-pooled tokens. Minimises Σ|A(x - x̄) - (y - ȳ)|² + r|A|² with r = ridge · trace(S) / width,
 * S = Σ(x - x̄)(x - x̄)ᵀ; the offset is ȳ - A x̄.
 *
 * @throws RangeError when there are fewer than two samples, or the inputs do not vary.
 */
export function fitTokenMap(
  inputs: Float32Array,
  targets: Float32Array,
  width: number,
  ridge = ridgeShare,
): TokenMap {
  const samples = inputs.length / width;
  if (samples < 2) throw new RangeError('A token map needs at least two samples.');
  const inputMean = columnMeans(inputs, width);
  const targetMean = columnMeans(targets, width);
  const scatter = centredProduct(inputs, inputMean, inputs, inputMean, width);
  const cross = centredProduct(inputs, inputMean, targets, targetMean, width);
  let trace = 0;
  for (let k = 0; k < width; k++) trace += scatter[k * width + k];
  if (!(trace > 0)) throw new RangeError('A token map cannot be fitted: all samples are the same.');
  for (let k = 0; k < width; k++) scatter[k * width + k] += (ridge * trace) / width;
  const solution = solveSymmetric(scatter, cross, width); // A: y = (x - x̄) A, column k of A gives output k
  const matrix = new Float32Array(width * width);
  const offset = new Float32Array(width);
  for (let out = 0; out < width; out++) {
    let shift = 0;
    for (let k = 0; k < width; k++) {
      matrix[out * width + k] = solution[k * width + out];
      shift += inputMean[k] * solution[k * width + out];
    }
    offset[out] = targetMean[out] - shift;
  }
  return { matrix, offset };
}

/** The mean of the rows of `matrix` (rows × width). */
export function columnMeans(matrix: Float32Array, width: number): Float64Array {
  const means = new Float64Array(width);
  const rows = matrix.length / width;
  for (let at = 0; at < matrix.length; at++) means[at % width] += matrix[at] / rows;
  return means;
}

/** (A - ā)ᵀ(B - b̄), width × width. */
function centredProduct(
  a: Float32Array,
  aMean: Float64Array,
  b: Float32Array,
  bMean: Float64Array,
  width: number,
): Float64Array {
  const product = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let start = 0; start < a.length; start += width) {
    for (let k = 0; k < width; k++) row[k] = b[start + k] - bMean[k];
    for (let j = 0; j < width; j++) {
      const value = a[start + j] - aMean[j];
      for (let k = 0; k < width; k++) product[j * width + k] += value * row[k];
    }
  }
  return product;
}

/** X with S X = B for a symmetric positive definite S, by Cholesky's decomposition; all size × size. */
function solveSymmetric(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const lower = cholesky(matrix, size);
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) subtractRow(solution, row, k, lower[row * size + k], size);
    scaleRow(solution, row, 1 / lower[row * size + row], size);
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) subtractRow(solution, row, k, lower[k * size + row], size);
    scaleRow(solution, row, 1 / lower[row * size + row], size);
  }
  return solution;
}

function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column];
      for (let k = 0; k < column; k++) sum -= lower[row * size + k] * lower[column * size + k];
      lower[row * size + column] = row === column ? Math.sqrt(sum) : sum / lower[column * size + column];
    }
  }
  return lower;
}

function subtractRow(matrix: Float64Array, row: number, other: number, factor: number, size: number): void {
  for (let k = 0; k < size; k++) matrix[row * size + k] -= factor * matrix[other * size + k];
}

function scaleRow(matrix: Float64Array, row: number, factor: number, size: number): void {
  for (let k = 0; k < size; k++) matrix[row * size + k] *= factor;
}
