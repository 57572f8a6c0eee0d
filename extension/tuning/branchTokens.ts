import type { Tensor } from 'onnxruntime-node';
import { float32Tensor } from '../towers/session';
import type { BranchInputs, NetworkSize } from './combinerNetwork';
import type { DifferentiableGraph } from './differentiableGraph';

/** A branch of B objects against K classes. */
export interface BranchBatch {
  /** z, B × (N+1) × Dv. */
  tokens: Float32Array;
  /** a, B × (N+1) × K. */
  weights: Float32Array;
}

/** Declares what `branchFeeds` gives. @param prefix tells branches apart. */
export function branchInputs(
  graph: DifferentiableGraph,
  prefix: string,
  size: NetworkSize,
  width: number,
): BranchInputs {
  const { objects, classes, grid } = size;
  return {
    ...tokenInputs(graph, prefix, size, width),
    patchWeights: graph.input(`${prefix}patchWeights`, [objects, classes, 1, grid[0] * grid[1]]),
    clsWeights: graph.input(`${prefix}clsWeights`, [objects, classes, 1]),
  };
}

/** Declares what `tokenFeeds` gives. */
export function tokenInputs(
  graph: DifferentiableGraph,
  prefix: string,
  { objects, grid: [rows, columns] }: NetworkSize,
  width: number,
): Pick<BranchInputs, 'patches' | 'cls'> {
  return {
    patches: graph.input(`${prefix}patches`, [objects, width, rows * columns]),
    cls: graph.input(`${prefix}cls`, [objects, 1, width]),
  };
}

/** A batch as the network takes it: [CLS] and patches apart, patches transposed, weights times N+1. */
export function branchFeeds(
  prefix: string,
  { tokens, weights }: BranchBatch,
  size: NetworkSize,
  width: number,
): Record<string, Tensor> {
  const { objects, classes, grid } = size;
  const patchCount = grid[0] * grid[1];
  const count = patchCount + 1;
  const patchWeights = new Float32Array(objects * classes * patchCount);
  const clsWeights = new Float32Array(objects * classes);
  for (let object = 0; object < objects; object++) {
    const from = object * count * classes;
    for (let c = 0; c < classes; c++) {
      clsWeights[object * classes + c] = count * weights[from + c];
      for (let patch = 0; patch < patchCount; patch++)
        patchWeights[(object * classes + c) * patchCount + patch] =
          count * weights[from + (patch + 1) * classes + c];
    }
  }
  return {
    ...tokenFeeds(prefix, tokens, size, width),
    [`${prefix}patchWeights`]: float32Tensor(patchWeights, [objects, classes, 1, patchCount]),
    [`${prefix}clsWeights`]: float32Tensor(clsWeights, [objects, classes, 1]),
  };
}

/** Rows of tokens, B × (N+1) × width, as [CLS], [B, 1, width], and patches transposed, [B, width, N]. */
export function tokenFeeds(
  prefix: string,
  tokens: Float32Array,
  { objects, grid: [rows, columns] }: NetworkSize,
  width: number,
): Record<string, Tensor> {
  const patchCount = rows * columns;
  const patches = new Float32Array(objects * width * patchCount);
  const cls = new Float32Array(objects * width);
  for (let object = 0; object < objects; object++) {
    const from = object * (patchCount + 1) * width;
    cls.set(tokens.subarray(from, from + width), object * width);
    for (let patch = 0; patch < patchCount; patch++)
      for (let k = 0; k < width; k++)
        patches[(object * width + k) * patchCount + patch] = tokens[from + (patch + 1) * width + k];
  }
  return {
    [`${prefix}patches`]: float32Tensor(patches, [objects, width, patchCount]),
    [`${prefix}cls`]: float32Tensor(cls, [objects, 1, width]),
  };
}
