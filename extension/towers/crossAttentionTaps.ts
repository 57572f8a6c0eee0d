import { UnsupportedModelError, type AttentionTap } from './attentionTaps';
import type { Fragment } from './onnx/fragment';
import type { Graph } from './onnx/graph';
import { elementType } from './onnx/modelProto';

/**
 * Adds the cross attention of the [CLS] query to the graph itself, so that N+1 numbers a view leave a session instead
 * of the keys of every layer. A batch holds `views` groups of equal length, the targets first; the target's q_0 looks
 * at the keys of every group, which gives β_x on the targets and β_(x) on the backgrounds:
 *
 *   attention[v, b, i] = mean over layers and heads of softmax_i(k_i of view v · q_0 of the target b · scale)
 *
 * @returns the name of the attention, (views, batch / views, N+1).
 * @throws UnsupportedModelError when there is no attention over `input`.
 */
export function addCrossAttention(
  graph: Graph,
  fragment: Fragment,
  taps: AttentionTap[],
  input: string,
  views: number,
): string {
  if (taps.length === 0)
    throw new UnsupportedModelError(
      'no attention over the image was found in it. Use a CLIP export with separate queries and keys.',
    );
  const zero = fragment.integers([0]);
  const batch = fragment.node('Slice', [fragment.node('Shape', [input]), zero, fragment.integers([1]), zero]);
  const group = fragment.node('Div', [batch, fragment.integers([views])]);
  const layers = taps.map((tap) => layerAttention(graph, fragment, tap, { zero, group, views }));
  return layers.length === 1 ? layers[0] : fragment.node('Mean', layers);
}

interface Grouping {
  zero: string;
  group: string;
  views: number;
}

function layerAttention(
  graph: Graph,
  fragment: Fragment,
  tap: AttentionTap,
  { zero, group, views }: Grouping,
): string {
  const lastTwo = (tensor: string): string =>
    fragment.node('Slice', [
      fragment.node('Shape', [tensor]),
      fragment.integers([-2]),
      fragment.integers([2 ** 31]),
      zero,
    ]);
  // Heads may share the batch's axis or have one of their own; splitting views and group off leaves them in the middle.
  const grouped = (tensor: string): string => {
    const shape = fragment.node(
      'Concat',
      [fragment.integers([views]), group, fragment.integers([-1]), lastTwo(tensor)],
      { axis: 0 },
    );
    return fragment.node('Reshape', [tensor, shape]);
  };
  const query = grouped(fragment.node('Gather', [tap.query, zero], { axis: -2 })); // views, group, heads, 1, d
  const targetQuery = fragment.node('Gather', [query, zero], { axis: 0 }); // 1, group, heads, 1, d
  const keys = grouped(tap.key);
  const transposed = tap.keyTransposed ? keys : fragment.node('Transpose', [keys], { perm: [0, 1, 2, 4, 3] });
  const product = fragment.node('MatMul', [targetQuery, transposed]); // views, group, heads, 1, N+1
  const scores = scaled(fragment, fragment.node('Cast', [product], { to: elementType.float }), tap);
  const heads = fragment.node('Softmax', [scores], { axis: -1 });
  return graph.opset >= 18
    ? fragment.node('ReduceMean', [heads, fragment.integers([2, 3])], { keepdims: 0 })
    : fragment.node('ReduceMean', [heads], { axes: [2, 3], keepdims: 0 });
}

function scaled(fragment: Fragment, scores: string, tap: AttentionTap): string {
  if (tap.scale === 1) return scores;
  if (tap.scale !== null) return fragment.node('Mul', [scores, fragment.scalar(tap.scale)]);
  const width = fragment.node('Gather', [fragment.node('Shape', [tap.query]), fragment.integers([-1])], {
    axis: 0,
  });
  const root = fragment.node('Sqrt', [fragment.node('Cast', [width], { to: elementType.float })]);
  return fragment.node('Div', [scores, root]);
}
