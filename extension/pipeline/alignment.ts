/**
 * Image-text alignment μ_i(c) = max(cos(P z_i, t_c), 0) of every token with every text: μ_x against the class texts on
 * the target's tokens, μ_(x) against the background texts on the background's.
 *
 * @param cosines cos(P z_i, t_c), tokens × C.
 * @returns tokens × C, each in [0, 1].
 */
export function alignment(cosines: Float32Array): Float32Array {
  const result = new Float32Array(cosines.length);
  for (let at = 0; at < cosines.length; at++) if (cosines[at] > 0) result[at] = cosines[at];
  return result;
}
