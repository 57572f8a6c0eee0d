import type { ObjectPasses, TowerPass } from '../../pipeline/scoreObject';

/** Tokens pooled by attention, Dv each, and the object's last [CLS]. */
export interface PooledTokens {
  target: Float32Array;
  cls: Float32Array;
  /** Null when the object fills the picture. */
  background: Float32Array | null;
}

/** @param width Dv. */
export function pooledTokens({ target, background }: ObjectPasses, width: number): PooledTokens {
  return {
    target: pool(target, width),
    cls: target.tokens.slice(0, width),
    background: background && pool(background, width),
  };
}

/** Σ β_i z_i. */
function pool({ tokens, attention }: TowerPass, width: number): Float32Array {
  const sum = new Float64Array(width);
  for (let at = 0; at < tokens.length; at++)
    sum[at % width] += attention[Math.floor(at / width)] * tokens[at];
  return Float32Array.from(sum);
}
