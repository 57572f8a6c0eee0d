import type { RgbImage } from '../../pipeline/image';

/** How an OWL detector wants its input. */
export interface SquareInput {
  /** Side S of the square. */
  size: number;
  /** OWLv2 pads to a square at the bottom and right before resizing; OWL-ViT squashes. */
  resize: 'padToSquare' | 'squash';
  /** Value of the padding, in [0, 1]. */
  padValue: number;
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
}

/** Of a Gaussian, in standard deviations, as in scipy. */
const reach = 4;

/** Weights of the inputs of every output along one axis: `count` of them from `first[output]` on, mirrored at the ends. */
interface AxisFilter {
  count: number;
  /** Input indices, outputs × count. */
  index: Int32Array;
  weight: Float64Array;
}

/**
 * The preprocessing of the original OWLv2: the photo in [0, 1], smoothed by a Gaussian of σ = max(0, (f − 1) / 2) where it
 * shrinks by f, interpolated linearly between pixel centres, normalised. Both steps are linear along each axis, so they are
 * one filter an axis; beyond an end its pixels are mirrored.
 *
 * @returns 3 × S × S, channel by channel. (Owlv2ImageProcessor of transformers; scipy.ndimage.gaussian_filter and zoom.)
 */
export function smoothedSquare(photo: RgbImage, input: SquareInput): Float32Array {
  const { size, resize } = input;
  const longest = Math.max(photo.width, photo.height);
  const [width, height] = resize === 'padToSquare' ? [longest, longest] : [photo.width, photo.height];
  const pad = 255 * input.padValue;
  const rows = filteredAcross(photo, axisFilter(width, size), size, pad);
  return filteredDown(rows, photo.height, axisFilter(height, size), input, pad);
}

function axisFilter(length: number, size: number): AxisFilter {
  const factor = length / size;
  const gaussian = gaussianWeights(Math.max(0, (factor - 1) / 2));
  const radius = (gaussian.length - 1) / 2;
  const count = gaussian.length + 1;
  const filter: AxisFilter = {
    count,
    index: new Int32Array(size * count),
    weight: new Float64Array(size * count),
  };
  for (let output = 0; output < size; output++) {
    const centre = (output + 0.5) * factor - 0.5;
    const left = Math.floor(centre);
    const share = centre - left;
    for (let tap = 0; tap < count; tap++) {
      filter.index[output * count + tap] = mirrored(left - radius + tap, length);
      // The two neighbours of the centre, each smoothed.
      filter.weight[output * count + tap] =
        (1 - share) * (gaussian[tap] ?? 0) + share * (tap > 0 ? gaussian[tap - 1] : 0);
    }
  }
  return filter;
}

function gaussianWeights(sigma: number): Float64Array {
  if (sigma === 0) return Float64Array.of(1);
  const radius = Math.floor(reach * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp((-0.5 * (at - radius) ** 2) / sigma ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** … 2 1 | 0 1 2 … n−1 | n−2 …: the pixels at the ends are not repeated. */
function mirrored(at: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const inside = ((at % period) + period) % period;
  return inside < length ? inside : period - inside;
}

/** Height × S × 3; pixels beyond the photo's width are padding. */
function filteredAcross(photo: RgbImage, filter: AxisFilter, size: number, pad: number): Float32Array {
  const { width, height, data } = photo;
  const { count, index, weight } = filter;
  const out = new Float32Array(height * size * 3);
  for (let output = 0; output < size; output++) {
    const from = output * count;
    for (let y = 0; y < height; y++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = from; tap < from + count; tap++) {
        const share = weight[tap];
        const x = index[tap];
        if (x >= width) {
          red += share * pad;
          green += share * pad;
          blue += share * pad;
          continue;
        }
        const at = (y * width + x) * 3;
        red += share * data[at];
        green += share * data[at + 1];
        blue += share * data[at + 2];
      }
      const to = (y * size + output) * 3;
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
    }
  }
  return out;
}

/** Rows beyond the photo's height are padding. */
function filteredDown(
  rows: Float32Array,
  height: number,
  { count, index, weight }: AxisFilter,
  { size, mean, std }: SquareInput,
  pad: number,
): Float32Array {
  const out = new Float32Array(3 * size * size);
  const sums = new Float64Array(size * 3);
  for (let output = 0; output < size; output++) {
    sums.fill(0);
    for (let tap = output * count; tap < (output + 1) * count; tap++) {
      const share = weight[tap];
      const start = index[tap] * size * 3;
      if (index[tap] >= height) for (let at = 0; at < sums.length; at++) sums[at] += share * pad;
      else for (let at = 0; at < sums.length; at++) sums[at] += share * rows[start + at];
    }
    for (let channel = 0; channel < 3; channel++) {
      const to = channel * size * size + output * size;
      for (let x = 0; x < size; x++)
        out[to + x] = (sums[x * 3 + channel] / 255 - mean[channel]) / std[channel];
    }
  }
  return out;
}
