/** Of each channel, for values in [0, 1]. */
export interface ChannelStatistics {
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
}

/** (value / 255 − mean) / std of every byte, 256 for each channel. */
export function normalisationTable({ mean, std }: ChannelStatistics): Float32Array {
  return Float32Array.from({ length: 768 }, (_, at) => {
    const channel = at >> 8;
    return ((at & 255) / 255 - mean[channel]) / std[channel];
  });
}

/**
 * RGB bytes, pixel by pixel, to normalised values, channel by channel. Writes 3 values a pixel from `offset` on.
 *
 * @param table of `normalisationTable`.
 */
export function normalise(pixels: Uint8Array, table: Float32Array, out: Float32Array, offset: number): void {
  const area = pixels.length / 3;
  for (let at = 0, from = 0; at < area; at++, from += 3) {
    out[offset + at] = table[pixels[from]];
    out[offset + area + at] = table[256 + pixels[from + 1]];
    out[offset + 2 * area + at] = table[512 + pixels[from + 2]];
  }
}
