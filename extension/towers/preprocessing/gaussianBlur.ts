/** Passes of the box filter that together come close to a Gaussian, as in Pillow. */
const passes = 3;

/**
 * Gaussian blur of RGB values in place, as Pillow approximates it: three box filters an axis whose radius, with a
 * fraction at its edges, gives the wanted standard deviation (Gwosdek et al., "Theoretical foundations of Gaussian
 * convolution by extended box filtering"). Beyond the border the border's own pixel stands.
 *
 * @param sigmaX standard deviation across, in pixels; @param sigmaY down.
 */
export function gaussianBlur(
  rgb: Float32Array,
  width: number,
  height: number,
  sigmaX: number,
  sigmaY: number,
): void {
  const across = new BoxFilter(boxRadius(sigmaX), width);
  const down = new BoxFilter(boxRadius(sigmaY), height);
  for (let pass = 0; pass < passes; pass++) {
    for (let channel = 0; channel < 3; channel++) {
      for (let y = 0; y < height; y++) across.apply(rgb, y * width * 3 + channel, 3);
      for (let x = 0; x < width; x++) down.apply(rgb, x * 3 + channel, width * 3);
    }
  }
}

function boxRadius(sigma: number): number {
  const variance = (sigma * sigma) / passes;
  const length = Math.sqrt(12 * variance + 1);
  const whole = Math.floor((length - 1) / 2);
  const part = ((2 * whole + 1) * (whole * (whole + 1) - 3 * variance)) / (6 * (variance - (whole + 1) ** 2));
  return whole + part;
}

/** A box filter along lines of one length, by a running sum. */
class BoxFilter {
  private readonly whole: number;
  private readonly edge: number;
  /** A line with its ends repeated as far as the filter reaches, so that no step asks where it is. */
  private readonly padded: Float32Array;

  constructor(
    private readonly radius: number,
    private readonly length: number,
  ) {
    this.whole = Math.floor(radius);
    this.edge = radius - this.whole;
    this.padded = new Float32Array(length + 2 * (this.whole + 1));
  }

  /** Filters the values `step` apart from `start` on. */
  apply(values: Float32Array, start: number, step: number): void {
    const { whole, edge, padded, length } = this;
    const reach = whole + 1;
    const area = 2 * this.radius + 1;
    for (let k = 0, from = start; k < length; k++, from += step) padded[reach + k] = values[from];
    padded.fill(padded[reach], 0, reach);
    padded.fill(padded[reach + length - 1], reach + length);
    let sum = 0;
    for (let k = 1; k <= 2 * whole + 1; k++) sum += padded[k];
    for (let k = 0, to = start; k < length; k++, to += step) {
      const before = padded[k];
      const after = padded[k + 2 * reach];
      values[to] = (sum + edge * (before + after)) / area;
      sum += after - padded[k + 1];
    }
  }
}
