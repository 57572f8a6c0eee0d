import { UnsupportedModelError, type AttentionTap } from './attentionTaps';
import type { Fragment } from '../onnx/fragment';
import type { Graph } from '../onnx/graph';
import { elementType } from '../onnx/modelProto';

/**
 * Adds the cross attention of the [CLS] query to the graph itself, so that N+1 numbers a view leave a session instead
 * of the keys of every layer. The first view of a batch is the target; its q_0 looks at the keys of every view, which
 * gives β_x on the target itself and β_(x) on its background:
 *
 *   attention[v, i] = mean over layers and heads of softmax_i(k_i of view v · q_0 of the target · scale)
 *
 * @returns the name of the attention, (batch, N+1).
 * @throws UnsupportedModelError when there is no attention over `input`.
 */
export function addCrossAttention(
  graph: Graph,
  fragment: Fragment,
  taps: AttentionTap[],
  input: string,
): string {
  if (taps.length === 0)
    throw new UnsupportedModelError(
      'no attention over the image was found in it. Use a CLIP export with separate queries and keys.',
    );
  const zero = fragment.integers([0]);
  const batch = fragment.node('Slice', [fragment.node('Shape', [input]), zero, fragment.integers([1]), zero]);
  const layers = taps.map((tap) => layerAttention(graph, fragment, tap, zero, batch));
  return layers.length === 1 ? layers[0] : fragment.node('Mean', layers);
}

/**
 * Brings out what cross attention over another run's keys takes, layer by layer and head by head: the [CLS] query of every
 * view with the scale in it, (batch, layers·heads, 1, d), and the keys, (batch, layers·heads, N+1, d).
 *
 * @returns the names of the two.
 */
export function addQueriesAndKeys(
  fragment: Fragment,
  taps: AttentionTap[],
  input: string,
): { query: string; keys: string } {
  const zero = fragment.integers([0]);
  const batch = fragment.node('Slice', [fragment.node('Shape', [input]), zero, fragment.integers([1]), zero]);
  const float = (tensor: string): string => fragment.node('Cast', [tensor], { to: elementType.float });
  const queries = taps.map((tap) => {
    const first = fragment.node('Gather', [tap.query, zero], { axis: -2 });
    return scaled(fragment, float(byView(fragment, first, zero, batch)), tap);
  });
  const keys = taps.map((tap) => {
    const views = byView(fragment, tap.key, zero, batch);
    return float(tap.keyTransposed ? fragment.node('Transpose', [views], { perm: [0, 1, 3, 2] }) : views);
  });
  return {
    query: fragment.node('Concat', queries, { axis: 1 }),
    keys: fragment.node('Concat', keys, { axis: 1 }),
  };
}

/** Heads may share the batch's axis or have one of their own; splitting the batch off leaves them in the middle. */
function byView(fragment: Fragment, tensor: string, zero: string, batch: string): string {
  const lastTwo = fragment.node('Slice', [
    fragment.node('Shape', [tensor]),
    fragment.integers([-2]),
    fragment.integers([2 ** 31]),
    zero,
  ]);
  const shape = fragment.node('Concat', [batch, fragment.integers([-1]), lastTwo], { axis: 0 });
  return fragment.node('Reshape', [tensor, shape]);
}

function layerAttention(
  graph: Graph,
  fragment: Fragment,
  tap: AttentionTap,
  zero: string,
  batch: string,
): string {
  const first = fragment.node('Gather', [tap.query, zero], { axis: -2 });
  const query = byView(fragment, first, zero, batch); // batch, heads, 1, d
  const targetQuery = fragment.node('Gather', [query, zero], { axis: 0 }); // 1, heads, 1, d
  const keys = byView(fragment, tap.key, zero, batch);
  const transposed = tap.keyTransposed ? keys : fragment.node('Transpose', [keys], { perm: [0, 1, 3, 2] });
  const product = fragment.node('MatMul', [targetQuery, transposed]); // batch, heads, 1, N+1
  const scores = scaled(fragment, fragment.node('Cast', [product], { to: elementType.float }), tap);
  const heads = fragment.node('Softmax', [scores], { axis: -1 });
  return graph.opset >= 18
    ? fragment.node('ReduceMean', [heads, fragment.integers([1, 2])], { keepdims: 0 })
    : fragment.node('ReduceMean', [heads], { axes: [1, 2], keepdims: 0 });
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
