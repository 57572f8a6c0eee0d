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
  { objects, classes, grid: [rows, columns] }: NetworkSize,
  width: number,
): BranchInputs {
  const count = rows * columns;
  return {
    patches: graph.input(`${prefix}patches`, [objects, width, count]),
    cls: graph.input(`${prefix}cls`, [objects, 1, width]),
    patchWeights: graph.input(`${prefix}patchWeights`, [objects, classes, 1, count]),
    clsWeights: graph.input(`${prefix}clsWeights`, [objects, classes, 1]),
  };
}

/** A batch as the network takes it: [CLS] and patches apart, patches transposed, weights times N+1. */
export function branchFeeds(
  prefix: string,
  { tokens, weights }: BranchBatch,
  { objects, classes, grid: [rows, columns] }: NetworkSize,
  width: number,
): Record<string, Tensor> {
  const patchCount = rows * columns;
  const count = patchCount + 1;
  const patches = new Float32Array(objects * width * patchCount);
  const cls = new Float32Array(objects * width);
  const patchWeights = new Float32Array(objects * classes * patchCount);
  const clsWeights = new Float32Array(objects * classes);
  for (let object = 0; object < objects; object++) {
    const from = object * count * width;
    cls.set(tokens.subarray(from, from + width), object * width);
    for (let patch = 0; patch < patchCount; patch++)
      for (let k = 0; k < width; k++)
        patches[(object * width + k) * patchCount + patch] = tokens[from + (patch + 1) * width + k];
    const weightsFrom = object * count * classes;
    for (let c = 0; c < classes; c++) {
      clsWeights[object * classes + c] = count * weights[weightsFrom + c];
      for (let patch = 0; patch < patchCount; patch++)
        patchWeights[(object * classes + c) * patchCount + patch] =
          count * weights[weightsFrom + (patch + 1) * classes + c];
    }
  }
  return {
    [`${prefix}patches`]: float32Tensor(patches, [objects, width, patchCount]),
    [`${prefix}cls`]: float32Tensor(cls, [objects, 1, width]),
    [`${prefix}patchWeights`]: float32Tensor(patchWeights, [objects, classes, 1, patchCount]),
    [`${prefix}clsWeights`]: float32Tensor(clsWeights, [objects, classes, 1]),
  };
}
