import type { RgbImage } from '../../pipeline/image';
import type { ChannelStatistics } from './normalisation';

/** How an OWL detector wants its input. */
export interface SquareInput extends ChannelStatistics {
  /** Side S of the square. */
  size: number;
  /** OWLv2 pads to a square at the bottom and right before resizing; OWL-ViT squashes. */
  resize: 'padToSquare' | 'squash';
  /** Value of the padding, in [0, 1]: 0.5 in older versions of transformers, 0 since 5. */
  padValue: number;
}

/** Of a Gaussian, in standard deviations, as in scipy. */
const reach = 4;

/** What the outputs along one axis are made of: each of a run of the photo's pixels, and of the padding behind them. */
interface AxisFilter {
  /** First pixel of each output. */
  first: Int32Array;
  /** How many pixels each output reads. */
  count: Int32Array;
  /** Weights of those pixels, `stride` apart. */
  weights: Float64Array;
  stride: number;
  /** Weight of the padding in each output. */
  padding: Float64Array;
}

/**
 * The preprocessing of the original OWLv2: the photo in [0, 1], padded at the bottom and right to a square, smoothed by a
 * Gaussian of σ = max(0, (f − 1) / 2) where it shrinks by f, interpolated linearly between pixel centres, normalised. Both
 * steps are linear along each axis, so they are one filter an axis; beyond an end its pixels are mirrored.
 *
 * @returns 3 × S × S, channel by channel. (Owlv2ImageProcessor of transformers; scipy.ndimage.gaussian_filter and zoom.)
 */
export function smoothedSquare(photo: RgbImage, input: Omit<SquareInput, 'resize'>): Float32Array {
  const longest = Math.max(photo.width, photo.height);
  const pad = 255 * input.padValue;
  const rows = filteredAcross(photo, axisFilter(photo.width, longest, input.size), input.size, pad);
  return filteredDown(rows, axisFilter(photo.height, longest, input.size), input, pad);
}

/** @param pixels of the photo along the axis; padding follows up to `length`. */
function axisFilter(pixels: number, length: number, size: number): AxisFilter {
  const factor = length / size;
  const gaussian = gaussianWeights(Math.max(0, (factor - 1) / 2));
  const taps = gaussian.length + 1;
  const filter: AxisFilter = {
    first: new Int32Array(size),
    count: new Int32Array(size),
    weights: new Float64Array(size * taps),
    stride: taps,
    padding: new Float64Array(size),
  };
  for (let output = 0; output < size; output++) {
    const centre = (output + 0.5) * factor - 0.5;
    const left = Math.floor(centre);
    const share = centre - left;
    const start = left - (gaussian.length - 1) / 2;
    let first = pixels;
    let end = 0;
    for (let tap = 0; tap < taps; tap++) {
      const at = mirrored(start + tap, length);
      if (at >= pixels) continue;
      first = Math.min(first, at);
      end = Math.max(end, at + 1);
    }
    filter.first[output] = first;
    filter.count[output] = Math.max(end - first, 0);
    for (let tap = 0; tap < taps; tap++) {
      // The two neighbours of the centre, each smoothed.
      const weight = (1 - share) * (gaussian[tap] ?? 0) + share * (tap > 0 ? gaussian[tap - 1] : 0);
      const at = mirrored(start + tap, length);
      if (at < pixels) filter.weights[output * taps + at - first] += weight;
      else filter.padding[output] += weight;
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

/** Rows of the photo × S × 3. */
function filteredAcross(photo: RgbImage, filter: AxisFilter, size: number, pad: number): Float32Array {
  const { width, height, data } = photo;
  const { first, count, weights, stride, padding } = filter;
  const out = new Float32Array(height * size * 3);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < size; x++, to += 3) {
      let from = (y * width + first[x]) * 3;
      let red = padding[x] * pad;
      let green = red;
      let blue = red;
      const end = x * stride + count[x];
      for (let tap = x * stride; tap < end; tap++, from += 3) {
        const weight = weights[tap];
        red += weight * data[from];
        green += weight * data[from + 1];
        blue += weight * data[from + 2];
      }
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
    }
  return out;
}

/** 3 × S × S, normalised. */
function filteredDown(
  rows: Float32Array,
  { first, count, weights, stride, padding }: AxisFilter,
  { size, mean, std }: Omit<SquareInput, 'resize'>,
  pad: number,
): Float32Array {
  const out = new Float32Array(3 * size * size);
  const length = size * 3;
  const sums = new Float64Array(length);
  for (let y = 0; y < size; y++) {
    sums.fill(padding[y] * pad);
    for (let tap = 0; tap < count[y]; tap++) {
      const weight = weights[y * stride + tap];
      const from = (first[y] + tap) * length;
      for (let at = 0; at < length; at++) sums[at] += weight * rows[from + at];
    }
    for (let channel = 0; channel < 3; channel++) {
      const to = channel * size * size + y * size;
      for (let x = 0; x < size; x++)
        out[to + x] = (sums[x * 3 + channel] / 255 - mean[channel]) / std[channel];
    }
  }
  return out;
}
