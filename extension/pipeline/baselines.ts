import { argmax, multiplyTransposed, unitRows } from './vectors';

/** Scores of the usual methods from the same passes; higher means more in distribution. */
export interface BaselineScores {
  /** max_c softmax(cos([CLS], M))_c at T = 1, without a logit scale (MCM, Ming et al. 2022). */
  mcm: number;
  /** max_c cos([CLS], M(t_c)). */
  maxCosine: number;
  /** MCM plus the largest softmax over classes among the patches, T = 1 (GL-MCM, Miyai et al. 2025, on projected last tokens). */
  glMcm: number;
  /** max_c cos(u + v, M(t_c)), u and v the unit [CLS] of the crop and of the blurred photo (RUNA-like). */
  runa: number;
}

/**
 * @param cosines cos(P z_i, M(t_c)) of the target, tokens × C; row 0 is [CLS].
 * @param unitCls the target's [CLS] embedding at unit length, D.
 * @param blurredPhoto [CLS] embedding of the blurred whole photo, D.
 * @param unitTexts C × D at unit length.
 */
export function baselineScores(
  cosines: Float32Array,
  unitCls: Float32Array,
  blurredPhoto: Float32Array,
  unitTexts: Float32Array,
): BaselineScores {
  const dimension = unitCls.length;
  const classes = unitTexts.length / dimension;
  const clsCosines = cosines.subarray(0, classes);
  const mcm = largestShare(clsCosines, 0, classes);
  let local = 0;
  for (let row = classes; row < cosines.length; row += classes)
    local = Math.max(local, largestShare(cosines, row, row + classes));
  const context = unitRows(blurredPhoto, dimension);
  const sum = new Float32Array(dimension);
  for (let k = 0; k < dimension; k++) sum[k] = unitCls[k] + context[k];
  return {
    mcm,
    maxCosine: largest(clsCosines),
    glMcm: mcm + local,
    runa: largest(multiplyTransposed(unitRows(sum, dimension), unitTexts, dimension)),
  };
}

/** The largest of the softmax (T = 1) of `values` from `start` to `end`: 1 / Σ exp(v - max). */
function largestShare(values: Float32Array, start: number, end: number): number {
  let most = -Infinity;
  for (let at = start; at < end; at++) if (values[at] > most) most = values[at];
  let sum = 0;
  for (let at = start; at < end; at++) sum += Math.exp(values[at] - most);
  return 1 / sum;
}

function largest(values: ArrayLike<number>): number {
  return values[argmax(values)];
}
