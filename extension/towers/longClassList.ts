import type { TextAttentionTaps } from '../pipeline/interTextAttention';
import { elementType, encodeModel, type NodeProto, type ValueInfo } from '../onnx/modelProto';
import { float32Output, float32Tensor, openSession, type SessionOptions } from './session';

/** Numbers of an intermediate result; 64 MB. */
const mostNumbers = 16 * 2 ** 20;

const float32 = (name: string): ValueInfo => ({
  name,
  type: { tensorType: { elemType: elementType.float } },
});
const node = (
  opType: string,
  input: string[],
  output: string,
  attributes: Record<string, number[]> = {},
): NodeProto => ({
  opType,
  input,
  output: [output],
  attribute: Object.entries(attributes).map(([name, ints]) =>
    name === 'axis' || name === 'keepdims' ? { name, i: ints[0], type: 2 } : { name, ints, type: 7 },
  ),
});

/** Σ over heads of softmax_{c'}(q(c) · k(c')), c × c', for heads × prompts × headWidth. */
const table = encodeModel({
  irVersion: 8,
  opsetImport: [{ domain: '', version: 17 }],
  graph: {
    name: 'interTextAttention',
    initializer: [],
    node: [
      node('Transpose', ['key'], 'keyTransposed', { perm: [0, 2, 1] }),
      node('MatMul', ['query', 'keyTransposed'], 'scores'),
      node('Softmax', ['scores'], 'attention', { axis: [-1] }),
      node('ReduceMean', ['attention'], 'mean', { axes: [0], keepdims: [0] }),
    ],
    input: [float32('query'), float32('key')],
    output: [float32('mean')],
  },
});

/**
 * `interTextAttention` of the pipeline for lists of hundreds of classes, where it is the work of a matrix library:
 * a thousand classes take a tenth of a second a prompt template instead of three.
 *
 * @returns prompts × prompts, row c', column c.
 */
export async function interTextAttentionOfMany(
  { query, key, prompts, headWidth, scale }: TextAttentionTaps,
  options: SessionOptions,
): Promise<Float32Array> {
  const heads = query.length / prompts / headWidth;
  const together = Math.max(1, Math.min(heads, Math.floor(mostNumbers / prompts ** 2)));
  const sum = new Float64Array(prompts * prompts);
  const session = await openSession(table, options);
  try {
    for (let first = 0; first < heads; first += together) {
      const count = Math.min(together, heads - first);
      const dims = [count, prompts, headWidth];
      const outputs = await session.run({
        query: float32Tensor(byHead(query, prompts, headWidth, first, count, scale), dims),
        key: float32Tensor(byHead(key, prompts, headWidth, first, count, 1), dims),
      });
      const { data } = float32Output(outputs, 'mean');
      for (let at = 0; at < data.length; at++) sum[at] += data[at] * (count / heads);
    }
  } finally {
    await session.release();
  }
  const transposed = new Float32Array(prompts * prompts);
  for (let c = 0; c < prompts; c++)
    for (let other = 0; other < prompts; other++) transposed[other * prompts + c] = sum[c * prompts + other];
  return transposed;
}

/** prompts × heads × headWidth to `count` heads × prompts × headWidth. */
function byHead(
  values: Float32Array,
  prompts: number,
  headWidth: number,
  first: number,
  count: number,
  factor: number,
): Float32Array {
  const stride = values.length / prompts;
  const moved = new Float32Array(count * prompts * headWidth);
  for (let head = 0; head < count; head++)
    for (let prompt = 0; prompt < prompts; prompt++) {
      const from = prompt * stride + (first + head) * headWidth;
      const to = (head * prompts + prompt) * headWidth;
      for (let k = 0; k < headWidth; k++) moved[to + k] = factor * values[from + k];
    }
  return moved;
}
