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
  const line = new Float32Array(Math.max(width, height));
  const blurred = new Float32Array(line.length);
  for (let pass = 0; pass < passes; pass++) {
    for (let channel = 0; channel < 3; channel++) {
      for (let y = 0; y < height; y++)
        boxFilter(rgb, y * width * 3 + channel, 3, width, boxRadius(sigmaX), line, blurred);
      for (let x = 0; x < width; x++)
        boxFilter(rgb, x * 3 + channel, width * 3, height, boxRadius(sigmaY), line, blurred);
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

/** One box filter along a line of `length` values `step` apart, by a running sum. */
function boxFilter(
  values: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number,
  line: Float32Array,
  blurred: Float32Array,
): void {
  const whole = Math.floor(radius);
  const edge = radius - whole;
  const area = 2 * radius + 1;
  for (let k = 0; k < length; k++) line[k] = values[start + k * step];
  const at = (k: number): number => line[k < 0 ? 0 : k >= length ? length - 1 : k];
  let sum = 0;
  for (let k = -whole; k <= whole; k++) sum += at(k);
  for (let k = 0; k < length; k++) {
    blurred[k] = (sum + edge * (at(k - whole - 1) + at(k + whole + 1))) / area;
    sum += at(k + whole + 1) - at(k - whole);
  }
  for (let k = 0; k < length; k++) values[start + k * step] = blurred[k];
}
