import { dotProduct, softmax } from './vectors';

/**
 * Cross attention(q, K) = mean over layers l and heads h of softmax_i(k_i^{l,h} · q_0^{l,h} · scale).
 *
 * With the target's own keys it is the intra-image attention β_x, with the background's keys the inter-image attention
 * β_(x). In a scan the same numbers come out of the tower's graph, and this is the definition they are held against; of a
 * background that the objects of a photo share, they come from here.
 *
 * @param query q_0 of every layer and head: layers·heads × headWidth.
 * @param keys k of every layer, head and token: layers·heads × tokens × headWidth.
 * @param scale what multiplies q·k before the softmax, 1/√d_h where the taps are unscaled.
 * @param hidden tokens that are left out of the softmax, as flags; absent: none.
 * @returns tokens weights that sum to 1; index 0 is [CLS].
 */
export function crossAttention(
  query: Float32Array,
  keys: Float32Array,
  headWidth: number,
  tokens: number,
  scale: number,
  hidden?: Uint8Array,
): Float32Array {
  const heads = query.length / headWidth;
  const attention = new Float64Array(tokens);
  const scores = new Float64Array(tokens);
  for (let head = 0; head < heads; head++) {
    for (let token = 0; token < tokens; token++) {
      if (hidden?.[token]) {
        scores[token] = -Infinity;
        continue;
      }
      const key = (head * tokens + token) * headWidth;
      scores[token] = scale * dotProduct(query, head * headWidth, keys, key, headWidth);
    }
    const weights = softmax(scores);
    for (let token = 0; token < tokens; token++) attention[token] += weights[token] / heads;
  }
  return Float32Array.from(attention);
}
