import { findPoolingHead } from './headTaps';
import type { Graph } from '../onnx/graph';
import { withInt8Weights, type WeightRange } from './int8Weights';
import { ownGraph } from './ownGraph';

/**
 * An image tower whose products with weights are computed in 8-bit integers, except two kinds. The head, which every token's
 * cosine goes through, stays as exact as it was; and so do products of what no layer norm has brought into bounds, such as
 * features of a convolutional stem: one range for all of them costs the embedded model .05 to .2 of its cosines, and
 * everything else under .0001 (docs/performance.md).
 *
 * @param model the fp32 file.
 * @throws UnsupportedModelError where it pools in another way, holds no float32 weights, or as `ownGraph`.
 */
export function int8ImageTower(model: Uint8Array, range: WeightRange): Uint8Array {
  const graph = ownGraph(model, {});
  const ofHead = new Set(findPoolingHead(graph, 'image_embeds').nodes.map(({ output: [name] }) => name));
  const normalised = behindLayerNorms(graph);
  return withInt8Weights(
    model,
    range,
    ({ input: [left], output: [name] }) => ofHead.has(name) || !normalised.has(left),
  );
}

/** Tensors that come of a layer norm, an operator of its own or, in older exports, the root of a variance. */
function behindLayerNorms({ nodes }: Graph): Set<string> {
  const found = new Set<string>();
  for (const { opType, input, output } of nodes)
    if (opType === 'LayerNormalization' || opType === 'Sqrt' || input.some((name) => found.has(name)))
      for (const name of output) found.add(name);
  return found;
}
