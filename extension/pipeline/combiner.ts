import { dotProduct } from './vectors';

/**
 * One branch of the trained combiner, in PyTorch's layout: a three-layer CNN (3 × 3, zero padding 1) over the grid of
 * weighted patches and an MLP that fuses its mean with the weighted [CLS]. Dv: token width, b: bottleneck, m: hidden.
 */
export interface CombinerBranch {
  /** conv1 [b, Dv, 3, 3], conv2 and conv3 [b, b, 3, 3]; biases [b]. */
  convolutions: [Convolution, Convolution, Convolution];
  /** [m, b + Dv]. */
  hiddenWeight: Float32Array;
  hiddenBias: Float32Array;
  /** [Dv, m]; zero before tuning, so that the untrained combiner is the weighted pooling exactly. */
  outputWeight: Float32Array;
  outputBias: Float32Array;
}

export interface Convolution {
  weight: Float32Array;
  bias: Float32Array;
}

export interface TrainedCombiner {
  target: CombinerBranch;
  background: CombinerBranch;
}

/** Whether a branch is as before training: its residual is zero, whatever it sees. */
export function addsNothing({ outputWeight, outputBias }: CombinerBranch): boolean {
  const isZero = (value: number): boolean => value === 0;
  return outputWeight.every(isZero) && outputBias.every(isZero);
}

/** The combiner without its CNN: the MLP sees [CLS] alone. */
export function withoutConvolutions({ target, background }: TrainedCombiner): TrainedCombiner {
  return { target: blindToGrid(target), background: blindToGrid(background) };
}

/** The MLP's weights on the CNN's channels, which come first in every row, at zero. */
function blindToGrid(branch: CombinerBranch): CombinerBranch {
  const channels = branch.convolutions[2].bias.length;
  const rowLength = branch.hiddenWeight.length / branch.hiddenBias.length;
  const hiddenWeight = branch.hiddenWeight.map((weight, at) => (at % rowLength < channels ? 0 : weight));
  return { ...branch, hiddenWeight };
}

const taps = 9;

/**
 * What the trained combiner adds to the pooled tokens of every class, classes × Dv: with u_i = (N+1) a_i z_i,
 * δ = W_out ReLU(W_hidden [mean over the grid of conv3(ReLU(conv2(ReLU(conv1(u))))), u_0]).
 *
 * conv1 is linear and a_i(c) a scalar, so its taps are applied to z once an object and only weighted for each class; the
 * mean of conv3 needs only the sums of what its taps see.
 *
 * @param weights a, tokens × classes. @param tokens z, tokens × Dv. @param shape with Dv as the width and the grid as
 *   [rows, columns], rows · columns = tokens - 1.
 */
export function combinerResidual(
  branch: CombinerBranch,
  weights: Float32Array,
  tokens: Float32Array,
  { classes, width, grid }: { classes: number; width: number; grid: readonly [number, number] },
): Float32Array {
  const count = tokens.length / width;
  const bottleneck = branch.convolutions[0].bias.length;
  const tapped = tapProducts(branch.convolutions[0].weight, tokens, width, bottleneck);
  const residual = new Float32Array(classes * width);
  const fused = new Float32Array(bottleneck + width);
  const a = new Float32Array(count);
  for (let c = 0; c < classes; c++) {
    for (let token = 0; token < count; token++) a[token] = count * weights[token * classes + c];
    const first = weightedConvolution(tapped, a, branch.convolutions[0].bias, grid);
    const second = convolve(rectified(first), branch.convolutions[1], grid);
    fused.set(meanOfConvolution(rectified(second), branch.convolutions[2], grid));
    for (let k = 0; k < width; k++) fused[bottleneck + k] = a[0] * tokens[k];
    const hidden = rectified(affine(branch.hiddenWeight, branch.hiddenBias, fused));
    residual.set(affine(branch.outputWeight, branch.outputBias, hidden), c * width);
  }
  return residual;
}

/** W_tap · z_i for every patch, tap and output channel: patches × taps × b. */
function tapProducts(
  weight: Float32Array,
  tokens: Float32Array,
  width: number,
  bottleneck: number,
): Float32Array {
  const patches = tokens.length / width - 1;
  const byTap = new Float32Array(taps * bottleneck * width); // contiguous rows for the inner product
  for (let out = 0; out < bottleneck; out++)
    for (let k = 0; k < width; k++)
      for (let tap = 0; tap < taps; tap++)
        byTap[(tap * bottleneck + out) * width + k] = weight[(out * width + k) * taps + tap];
  const products = new Float32Array(patches * taps * bottleneck);
  for (let patch = 0; patch < patches; patch++)
    for (let row = 0; row < taps * bottleneck; row++)
      products[patch * taps * bottleneck + row] = dotProduct(
        byTap,
        row * width,
        tokens,
        (patch + 1) * width,
        width,
      );
  return products;
}

/** conv1 over the weighted patches, from the products of its taps: patches × b. */
function weightedConvolution(
  tapped: Float32Array,
  a: Float32Array,
  bias: Float32Array,
  [rows, columns]: readonly [number, number],
): Float32Array {
  const bottleneck = bias.length;
  const result = new Float32Array(rows * columns * bottleneck);
  eachTap(rows, columns, (patch, neighbour, tap) => {
    const from = (neighbour * taps + tap) * bottleneck;
    const weight = a[neighbour + 1];
    for (let out = 0; out < bottleneck; out++)
      result[patch * bottleneck + out] += weight * tapped[from + out];
  });
  for (let at = 0; at < result.length; at++) result[at] += bias[at % bottleneck];
  return result;
}

/** A 3 × 3 convolution with zero padding on patches × b. */
function convolve(
  input: Float32Array,
  { weight, bias }: Convolution,
  [rows, columns]: readonly [number, number],
): Float32Array {
  const channels = bias.length;
  const result = new Float32Array(input.length);
  eachTap(rows, columns, (patch, neighbour, tap) => {
    for (let out = 0; out < channels; out++) {
      let sum = 0;
      for (let k = 0; k < channels; k++)
        sum += weight[(out * channels + k) * taps + tap] * input[neighbour * channels + k];
      result[patch * channels + out] += sum;
    }
  });
  for (let at = 0; at < result.length; at++) result[at] += bias[at % channels];
  return result;
}

/** Visits every patch with each of its neighbours inside the grid; `tap` counts row by row, as the kernel does. */
function eachTap(
  rows: number,
  columns: number,
  visit: (patch: number, neighbour: number, tap: number) => void,
): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let tap = 0; tap < taps; tap++) {
        const y = row + Math.floor(tap / 3) - 1;
        const x = column + (tap % 3) - 1;
        if (y < 0 || y >= rows || x < 0 || x >= columns) continue;
        visit(row * columns + column, y * columns + x, tap);
      }
}

/**
 * The mean over the grid of a 3 × 3 convolution with zero padding: its taps on the sums of what each of them sees, since
 * both are linear.
 */
function meanOfConvolution(
  input: Float32Array,
  { weight, bias }: Convolution,
  [rows, columns]: readonly [number, number],
): Float32Array {
  const channels = bias.length;
  const seen = new Float64Array(channels * taps);
  eachTap(rows, columns, (_, neighbour, tap) => {
    for (let k = 0; k < channels; k++) seen[k * taps + tap] += input[neighbour * channels + k];
  });
  return bias.map((offset, out) => {
    let sum = 0;
    for (let at = 0; at < seen.length; at++) sum += weight[out * seen.length + at] * seen[at];
    return offset + sum / (rows * columns);
  });
}

function affine(weight: Float32Array, bias: Float32Array, input: Float32Array): Float32Array {
  const result = new Float32Array(bias.length);
  for (let row = 0; row < bias.length; row++)
    result[row] = bias[row] + dotProduct(weight, row * input.length, input, 0, input.length);
  return result;
}

function rectified(values: Float32Array): Float32Array {
  return values.map((value) => Math.max(value, 0));
}
