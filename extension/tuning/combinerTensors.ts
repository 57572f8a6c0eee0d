import type { TrainedCombiner } from '../pipeline/combiner';
import {
  parameterShapes,
  trainedCombiner,
  type CombinerParameters,
  type CombinerShape,
} from './combinerParameters';

/** A float32 tensor as files hold it. */
interface StoredTensor {
  shape: number[];
  data: Float32Array;
}

/** The sizes of the combiner whose tensors a file holds. @throws RangeError when it holds none. */
export function shapeOfTensors(tensors: ReadonlyMap<string, StoredTensor>): CombinerShape {
  const [hidden, fused] = tensors.get('target.mlp1.weight')?.shape ?? [];
  const [bottleneck] = tensors.get('target.conv1.bias')?.shape ?? [];
  if (!hidden || !fused || !bottleneck) throw new RangeError('there is no combiner in it');
  return { width: fused - bottleneck, bottleneck, hidden };
}

/** Parameters as a file holds them. */
export function tensorsOf(parameters: CombinerParameters, shape: CombinerShape): Map<string, StoredTensor> {
  return new Map(
    [...parameterShapes(shape)].map(([name, sides]) => [name, { shape: sides, data: parameters.get(name)! }]),
  );
}

/**
 * A combiner from the tensors of a file.
 *
 * @throws RangeError naming the tensor that is missing or of another shape.
 */
export function combinerFromTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  shape: CombinerShape,
): TrainedCombiner {
  for (const [name, sides] of parameterShapes(shape)) {
    const found = tensors.get(name)?.shape.join(' × ');
    if (found !== sides.join(' × '))
      throw new RangeError(`tensor ${name} is ${found ?? 'missing'}, not ${sides.join(' × ')}`);
  }
  return trainedCombiner(new Map([...tensors].map(([name, { data }]) => [name, data])));
}
