import type { RgbImage } from '../../pipeline/image';

/**
 * Pillow's bicubic resampling with antialiasing, bit for bit (Pillow's `Resample.c`): a = -0.5, support scaled by the
 * shrinking factor, two passes on bytes, coefficients as integers of 22 fractional bits, rounding to a byte after each
 * pass. Every reference model was trained behind it.
 */

const fractionBits = 22;
const half = 1 << (fractionBits - 1);
const support = 2;

/** For every output position: the first input position, and the integer weights from there. */
export interface FilterTable {
  readonly size: number;
  /** First input position of each output position. */
  readonly first: Int32Array;
  /** How many inputs each output position reads. */
  readonly count: Int32Array;
  /** Weights, `stride` apart. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** The weights that resample `inputs` positions to `outputs`. */
export function bicubicFilter(inputs: number, outputs: number): FilterTable {
  const scale = inputs / outputs;
  const filterScale = Math.max(scale, 1);
  const inverse = 1 / filterScale; // a product, not a quotient: the last bit decides some roundings
  const reach = support * filterScale;
  const stride = Math.ceil(reach) * 2 + 1;
  const table = {
    size: outputs,
    first: new Int32Array(outputs),
    count: new Int32Array(outputs),
    weights: new Int32Array(outputs * stride),
    stride,
  };
  const exact = new Float64Array(stride);
  for (let position = 0; position < outputs; position++) {
    const centre = (position + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const count = Math.min(inputs, Math.trunc(centre + reach + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += exact[k] = cubic((k + first - centre + 0.5) * inverse);
    for (let k = 0; k < count; k++) {
      const weight = (exact[k] / sum) * (1 << fractionBits);
      table.weights[position * stride + k] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    table.first[position] = first;
    table.count[position] = count;
  }
  return table;
}

function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

/** Rows and columns from `start` up to, not including, `end`. */
export interface Range {
  start: number;
  end: number;
}

/**
 * The pass across: rows `rows` of `input` (inputWidth pixels a row) to `filter.size` pixels a row of `output`, columns
 * `columns` only. Both are RGB bytes with the same number of rows.
 */
export function resampleAcross(
  input: Uint8Array,
  inputWidth: number,
  filter: FilterTable,
  output: Uint8Array,
  rows: Range,
  columns: Range,
): void {
  const { first, count, weights, stride, size } = filter;
  for (let y = rows.start; y < rows.end; y++) {
    const rowStart = y * inputWidth * 3;
    let to = (y * size + columns.start) * 3;
    for (let x = columns.start; x < columns.end; x++, to += 3) {
      let from = rowStart + first[x] * 3;
      let r = half;
      let g = half;
      let b = half;
      const end = x * stride + count[x];
      for (let w = x * stride; w < end; w++, from += 3) {
        const weight = weights[w];
        r += input[from] * weight;
        g += input[from + 1] * weight;
        b += input[from + 2] * weight;
      }
      output[to] = toByte(r);
      output[to + 1] = toByte(g);
      output[to + 2] = toByte(b);
    }
  }
}

/** Values of a row whose sums are held in registers while a column of inputs is walked down. */
const lanes = 8;

/** The pass down: columns `columns` of `input` (width pixels a row) to rows `rows` of `output`, of the same width. */
export function resampleDown(
  input: Uint8Array,
  width: number,
  filter: FilterTable,
  output: Uint8Array,
  rows: Range,
  columns: Range,
): void {
  const { first, count, weights, stride } = filter;
  const row = width * 3;
  const end = columns.end * 3;
  for (let y = rows.start; y < rows.end; y++) {
    const firstWeight = y * stride;
    let at = columns.start * 3;
    for (; at + lanes <= end; at += lanes) {
      // Integers cut to 32 bits, which none of these sums leaves: the compiler need not look for an overflow.
      let s0 = half;
      let s1 = half;
      let s2 = half;
      let s3 = half;
      let s4 = half;
      let s5 = half;
      let s6 = half;
      let s7 = half;
      let from = first[y] * row + at;
      for (let w = firstWeight; w < firstWeight + count[y]; w++, from = (from + row) | 0) {
        const weight = weights[w];
        s0 = (s0 + Math.imul(input[from], weight)) | 0;
        s1 = (s1 + Math.imul(input[from + 1], weight)) | 0;
        s2 = (s2 + Math.imul(input[from + 2], weight)) | 0;
        s3 = (s3 + Math.imul(input[from + 3], weight)) | 0;
        s4 = (s4 + Math.imul(input[from + 4], weight)) | 0;
        s5 = (s5 + Math.imul(input[from + 5], weight)) | 0;
        s6 = (s6 + Math.imul(input[from + 6], weight)) | 0;
        s7 = (s7 + Math.imul(input[from + 7], weight)) | 0;
      }
      const to = y * row + at;
      output[to] = toByte(s0);
      output[to + 1] = toByte(s1);
      output[to + 2] = toByte(s2);
      output[to + 3] = toByte(s3);
      output[to + 4] = toByte(s4);
      output[to + 5] = toByte(s5);
      output[to + 6] = toByte(s6);
      output[to + 7] = toByte(s7);
    }
    for (; at < end; at++) {
      let sum = half;
      for (let k = 0; k < count[y]; k++) sum += input[(first[y] + k) * row + at] * weights[firstWeight + k];
      output[y * row + at] = toByte(sum);
    }
  }
}

/** 22 fractional bits down to a byte, cut at 0 and 255. */
function toByte(sum: number): number {
  const value = sum >> fractionBits;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/**
 * Whether the pass down comes first, which decides the rounding: as in Pillow 13, where the height shrinks and loses more
 * than twice what the width loses (found by trying every size). Earlier versions always ran across first.
 */
export function isDownFirst(from: Size, to: Size): boolean {
  return from.height - to.height > 2 * Math.max(0, from.width - to.width);
}

interface Size {
  width: number;
  height: number;
}

/** Resamples a picture to `width` × `height`. A side that keeps its length is not touched, as in Pillow. */
export function resizeBicubic(image: RgbImage, width: number, height: number): RgbImage {
  if (isDownFirst(image, { width, height })) return squeezed(flattened(image, height), width);
  return flattened(squeezed(image, width), height);
}

function squeezed(image: RgbImage, width: number): RgbImage {
  if (width === image.width) return image;
  const data = new Uint8Array(width * image.height * 3);
  const filter = bicubicFilter(image.width, width);
  const [rows, columns] = [
    { start: 0, end: image.height },
    { start: 0, end: width },
  ];
  resampleAcross(image.data, image.width, filter, data, rows, columns);
  return { width, height: image.height, data };
}

function flattened(image: RgbImage, height: number): RgbImage {
  if (height === image.height) return image;
  const data = new Uint8Array(image.width * height * 3);
  const filter = bicubicFilter(image.height, height);
  const [rows, columns] = [
    { start: 0, end: height },
    { start: 0, end: image.width },
  ];
  resampleDown(image.data, image.width, filter, data, rows, columns);
  return { width: image.width, height, data };
}
