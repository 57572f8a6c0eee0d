import { dotProduct, softmax } from './vectors';

/** q and k at the [EOT] token of every prompt: prompts × layers·heads × headWidth, and the scale of q·k before the softmax. */
export interface TextAttentionTaps {
  query: Float32Array;
  key: Float32Array;
  prompts: number;
  headWidth: number;
  scale: number;
}

/**
 * Inter-text attention w[c', c] = mean over layers and heads of softmax_{c'}(k_EOT(t_c') · q_EOT(t_c) · scale).
 *
 * One table a class list: at inference c' runs over all ID prompts, c itself included.
 *
 * @returns prompts × prompts, row c', column c; every column sums to 1.
 */
export function interTextAttention({
  query,
  key,
  prompts,
  headWidth,
  scale,
}: TextAttentionTaps): Float32Array {
  const stride = query.length / prompts;
  const heads = stride / headWidth;
  const table = new Float32Array(prompts * prompts);
  const scores = new Float64Array(prompts);
  const column = new Float64Array(prompts);
  for (let c = 0; c < prompts; c++) {
    column.fill(0);
    for (let head = 0; head < heads; head++) {
      const offset = head * headWidth;
      let largest = -Infinity;
      for (let other = 0; other < prompts; other++) {
        scores[other] =
          scale * dotProduct(key, other * stride + offset, query, c * stride + offset, headWidth);
        largest = Math.max(largest, scores[other]);
      }
      let sum = 0;
      for (let other = 0; other < prompts; other++) sum += scores[other] = Math.exp(scores[other] - largest);
      for (let other = 0; other < prompts; other++) column[other] += scores[other] / sum / heads;
    }
    for (let other = 0; other < prompts; other++) table[other * prompts + c] = column[other];
  }
  return table;
}

/**
 * Inter-text attention of class c over some prompts only, as in training, where they are the labels of the other objects of
 * the picture.
 *
 * @returns w, one weight a member, summing to 1.
 */
export function interTextAttentionAmong(
  { query, key, prompts, headWidth, scale }: TextAttentionTaps,
  c: number,
  members: readonly number[],
): Float64Array {
  const stride = query.length / prompts;
  const heads = stride / headWidth;
  const weights = new Float64Array(members.length);
  for (let head = 0; head < heads; head++) {
    const offset = head * headWidth;
    const scores = members.map(
      (member) => scale * dotProduct(key, member * stride + offset, query, c * stride + offset, headWidth),
    );
    softmax(scores).forEach((weight, at) => (weights[at] += weight / heads));
  }
  return weights;
}
