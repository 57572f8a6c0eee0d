import type { BackgroundTextForm } from './configuration';

/** The text side of a class list, as the text tower gives it. */
export interface ClassTexts {
  /** C, the number of ID classes. */
  classes: number;
  /** D, the width of the joint space. */
  dimension: number;
  /** M(t_c) at unit length, C × D. */
  embeddings: Float32Array;
  /** w, C × C: row c', column c. */
  interTextAttention: Float32Array;
  /** M of all prompts joined by ", ", D. */
  joinedPrompt: Float32Array;
}

/**
 * Background text M̃(c), C × D.
 *
 * `interText`: Σ_{c'} w_{c',c} M(t_c'), M at unit length. `average`: the mean of M over all classes.
 * `joinedPrompt`: one embedding of all prompts together. The last two are the same for every class.
 */
export function backgroundTexts(texts: ClassTexts, form: BackgroundTextForm): Float32Array {
  switch (form) {
    case 'interText':
      return weightedTexts(texts);
    case 'average':
      return repeatRow(meanText(texts), texts.classes);
    case 'joinedPrompt':
      return repeatRow(texts.joinedPrompt, texts.classes);
  }
}

function weightedTexts({ classes, dimension, embeddings, interTextAttention }: ClassTexts): Float32Array {
  const result = new Float32Array(classes * dimension);
  const sum = new Float64Array(dimension);
  for (let c = 0; c < classes; c++) {
    sum.fill(0);
    for (let other = 0; other < classes; other++) {
      const weight = interTextAttention[other * classes + c];
      const start = other * dimension;
      for (let k = 0; k < dimension; k++) sum[k] += weight * embeddings[start + k];
    }
    result.set(sum, c * dimension);
  }
  return result;
}

function meanText({ classes, dimension, embeddings }: ClassTexts): Float32Array {
  const mean = new Float64Array(dimension);
  for (let at = 0; at < embeddings.length; at++) mean[at % dimension] += embeddings[at] / classes;
  return Float32Array.from(mean);
}

function repeatRow(row: Float32Array, times: number): Float32Array {
  const rows = new Float32Array(row.length * times);
  for (let c = 0; c < times; c++) rows.set(row, c * row.length);
  return rows;
}
