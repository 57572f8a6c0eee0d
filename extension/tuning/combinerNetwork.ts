import type { BranchName, CombinerShape } from './combinerParameters';
import type { DifferentiableGraph, Value } from './differentiableGraph';

/** What a branch of the network looks at: B objects against K classes. */
export interface BranchInputs {
  /** z of the patches, transposed: [B, Dv, N]. */
  patches: Value;
  /** z of [CLS], [B, 1, Dv]. */
  cls: Value;
  /** u = (N+1) a of the patches, [B, K, 1, N]. */
  patchWeights: Value;
  /** u of [CLS], [B, K, 1]. */
  clsWeights: Value;
}

export interface NetworkSize {
  objects: number;
  classes: number;
  /** Rows and columns of the patch grid. */
  grid: readonly [number, number];
}

/**
 * δ of one branch for every pair of object and class, [B·K, Dv]: what `combinerResidual` of the pipeline computes, as a
 * graph. Two identities keep it affordable. conv1 is linear and u a scalar, so its taps meet the tokens once an object and
 * are only weighted for each class. And the mean over the grid of conv3 is conv3's taps on the sums of what each tap sees.
 *
 * @param convolutions false: the MLP sees [CLS] alone.
 */
export function branchResidual(
  graph: DifferentiableGraph,
  parameter: (tensor: string) => Value,
  { patches, cls, patchWeights, clsWeights }: BranchInputs,
  { width, bottleneck }: CombinerShape,
  { objects, classes, grid: [rows, columns] }: NetworkSize,
  convolutions = true,
): Value {
  const pairs = objects * classes;
  const seen = convolutions
    ? gridFeatures()
    : graph.constant(new Float32Array(pairs * bottleneck), [pairs, bottleneck]);
  const weightedCls = graph.reshape(graph.multiply(clsWeights, cls), [pairs, width]);
  const hidden = graph.relu(linear(graph.beside(seen, weightedCls), 'mlp1'));
  return linear(hidden, 'mlp2');

  /** The mean over the grid of what the CNN makes of the weighted patches, [B·K, channels]. */
  function gridFeatures(): Value {
    const count = rows * columns;
    const taps = graph.reshape(graph.transpose(parameter('conv1.weight'), [0, 2, 3, 1]), [
      9 * bottleneck,
      width,
    ]);
    const tapped = graph.reshape(graph.matMul(taps, patches), [objects, 1, 9 * bottleneck, count]);
    const weighted = graph.reshape(graph.multiply(tapped, patchWeights), [
      pairs,
      9 * bottleneck,
      rows,
      columns,
    ]);
    const first = graph.convolve(
      weighted,
      graph.constant(gatherTaps(bottleneck), [bottleneck, 9, 3, 3]),
      bottleneck,
    );
    const second = graph.convolve(rectified(first, 'conv1'), parameter('conv2.weight'));
    const shares = graph.matMul(
      graph.reshape(rectified(second, 'conv2'), [pairs, bottleneck, count]),
      graph.constant(shareSeen(rows, columns), [count, 9]),
    );
    return linear(graph.reshape(shares, [pairs, 9 * bottleneck]), 'conv3', [bottleneck, 9 * bottleneck]);
  }

  function rectified(features: Value, layer: string): Value {
    const bias = graph.reshape(parameter(`${layer}.bias`), [1, bottleneck, 1, 1]);
    return graph.relu(graph.add(features, bias));
  }

  function linear(input: Value, layer: string, shape?: number[]): Value {
    const weight = parameter(`${layer}.weight`);
    const matrix = shape ? graph.reshape(weight, shape) : weight;
    return graph.add(graph.matMul(input, graph.transpose(matrix, [1, 0])), parameter(`${layer}.bias`));
  }
}

/** A kernel that takes from the nine maps of each channel the one its tap stands for: [channels, 9, 3, 3]. */
function gatherTaps(channels: number): Float32Array {
  const kernel = new Float32Array(channels * 81);
  for (let channel = 0; channel < channels; channel++)
    for (let tap = 0; tap < 9; tap++) kernel[channel * 81 + tap * 9 + tap] = 1;
  return kernel;
}

/** The share of a 3 × 3 convolution's outputs whose tap lies on a patch, patches × 9: 1/N inside, 0 where padding lies. */
function shareSeen(rows: number, columns: number): Float32Array {
  const share = new Float32Array(rows * columns * 9);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let tap = 0; tap < 9; tap++) {
        const y = row - Math.floor(tap / 3) + 1;
        const x = column - (tap % 3) + 1;
        if (y >= 0 && y < rows && x >= 0 && x < columns)
          share[(row * columns + column) * 9 + tap] = 1 / (rows * columns);
      }
  return share;
}

/** The name of a parameter in the graph and in the combiner's file. */
export const parameterName = (branch: BranchName, tensor: string): string => `${branch}.${tensor}`;
