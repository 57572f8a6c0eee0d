/** Below this the weights of a class are all zero, and attention alone decides. */
const smallestSum = 1e-12;

/**
 * a_i(c) = ω_i(c) / Σ_i ω_i(c) with ω_i(c) = β_i · μ_i(c), so that neither branch outweighs the other by the size of
 * its cosines; where all ω are zero, a = β / Σβ.
 *
 * @param beta tokens.
 * @param mu tokens × classes; null: alignment is left out (μ = 1).
 * @returns tokens × classes, every column sums to 1.
 */
export function tokenWeights(beta: Float32Array, mu: Float32Array | null, classes: number): Float32Array {
  const tokens = beta.length;
  const weights = new Float32Array(tokens * classes);
  const sums = new Float64Array(classes);
  let betaSum = 0;
  for (let token = 0; token < tokens; token++) {
    betaSum += beta[token];
    const row = token * classes;
    for (let c = 0; c < classes; c++) {
      const omega = mu ? beta[token] * mu[row + c] : beta[token];
      weights[row + c] = omega;
      sums[c] += omega;
    }
  }
  for (let token = 0; token < tokens; token++) {
    const row = token * classes;
    for (let c = 0; c < classes; c++)
      weights[row + c] = sums[c] <= smallestSum ? beta[token] / betaSum : weights[row + c] / sums[c];
  }
  return weights;
}

/**
 * Σ_i a_i(c) z_i for every class: classes × width, from a (tokens × classes) and z (tokens × width).
 *
 * @param onto classes × width, what the sums are added to; it stays as it is.
 */
export function pooledTokens(
  weights: Float32Array,
  tokens: Float32Array,
  classes: number,
  width: number,
  onto?: Float32Array,
): Float32Array {
  const count = tokens.length / width;
  const pooled = new Float32Array(classes * width);
  const sum = new Float64Array(width);
  for (let c = 0; c < classes; c++) {
    if (onto) sum.set(onto.subarray(c * width, (c + 1) * width));
    else sum.fill(0);
    for (let token = 0; token < count; token++) {
      const weight = weights[token * classes + c];
      if (weight === 0) continue;
      const start = token * width;
      for (let k = 0; k < width; k++) sum[k] += weight * tokens[start + k];
    }
    pooled.set(sum, c * width);
  }
  return pooled;
}
