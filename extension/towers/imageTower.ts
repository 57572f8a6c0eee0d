import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { UnsupportedModelError, findAttentions } from './attentionTaps';
import { addCrossAttention } from './crossAttentionTaps';
import { findPoolingHead, headModel, projectEveryToken } from './headTaps';
import { Fragment } from './onnx/fragment';
import { Graph } from './onnx/graph';
import { decodeModel } from './onnx/modelProto';
import { float32Output, float32Tensor, int64Tensor, openSession, type SessionOptions } from './session';

/** What the graph itself says of the tower. */
export interface ImageTowerFacts {
  layers: number;
  /** N + 1. */
  tokens: number;
  /** Rows and columns of patches. */
  grid: [number, number];
  /** Dv, the width of a token. */
  width: number;
  /** D, the width of the joint space. */
  dimension: number;
  /** Numbers of a view depend on what else is in the run: an integer export that takes one range over all of it. */
  mixesBatch: boolean;
}

/** What a pass leaves of one view; views of the session's own output, valid as long as they are held. */
export interface ViewPass {
  /** z, tokens × Dv. */
  tokens: Float32Array;
  /** P z, tokens × D. Row 0 is the [CLS] embedding. */
  projected: Float32Array;
  /** Cross attention of the target's q_0 over this view's keys, tokens. */
  attention: Float32Array;
}

/** What a run of one object leaves. */
export interface TowerPasses {
  target: ViewPass;
  background: ViewPass;
  /** [CLS] embedding of the photo that came with them, D; null when none did. */
  photo: Float32Array | null;
}

const embedding = 'image_embeds';
const output = { tokens: 'uniOod.tokens', projected: 'uniOod.projected', attention: 'uniOod.attention' };

/** An image tower whose last tokens, projected tokens and cross attention are read from the inside of an ordinary export. */
export class ImageTower {
  private constructor(
    private readonly session: InferenceSession,
    private readonly head: InferenceSession,
    readonly facts: ImageTowerFacts,
    private readonly imageSize: number,
  ) {}

  /**
   * Opens an export, taps it, and checks the taps on a probe: attention sums to 1, and the head replayed on [CLS] gives
   * the embedding the model itself gives.
   *
   * @param imageSize side S of the square input.
   * @throws UnsupportedModelError when the file hides what the method needs; Error when it does not open.
   */
  static async load(model: Uint8Array, imageSize: number, options: SessionOptions): Promise<ImageTower> {
    const graph = new Graph(decodeModel(model));
    if (!graph.outputs.includes(embedding))
      throw new UnsupportedModelError(
        `it has no output ${embedding}. Use a CLIP image tower with its projection.`,
      );
    const taps = findAttentions(graph).filter(
      ({ sources }) => sources.size === 1 && sources.has('pixel_values'),
    );
    const pooling = findPoolingHead(graph, embedding);
    const fragment = new Fragment('uniOod');
    fragment.output(addCrossAttention(graph, fragment, taps, 'pixel_values'), output.attention);
    fragment.output(pooling.tokens, output.tokens);
    fragment.output(projectEveryToken(pooling, fragment), output.projected);
    const session = await openSession(fragment.appendTo(model), options);
    const head = await openSession(headModel(graph, pooling), options);
    const mixesBatch = graph.nodes.some(({ opType }) => opType === 'DynamicQuantizeLinear');
    const facts = { ...(await probe(session, imageSize, taps.length)), mixesBatch };
    return new ImageTower(session, head, facts, imageSize);
  }

  /**
   * Runs an object through the tower, and a photo of which only the embedding is wanted with it.
   *
   * @param pixels normalised views of 3 × S × S: target, background and, if there is one, the photo.
   */
  async run(pixels: Float32Array): Promise<TowerPasses> {
    const batch = pixels.length / (3 * this.imageSize ** 2);
    const outputs = await run(this.session, pixels, batch, this.imageSize, Object.values(output));
    const { tokens, width, dimension } = this.facts;
    const part = (name: string, row: number, size: number): Float32Array =>
      float32Output(outputs, name).data.subarray(row * size, (row + 1) * size);
    const pass = (row: number): ViewPass => ({
      tokens: part(output.tokens, row, tokens * width),
      projected: part(output.projected, row, tokens * dimension),
      attention: part(output.attention, row, tokens),
    });
    const photo = batch > 2 ? part(output.projected, 2, tokens * dimension) : null;
    return { target: pass(0), background: pass(1), photo: photo?.subarray(0, dimension) ?? null };
  }

  /** P: post-layernorm and projection of `rows` tokens, rows × Dv to rows × D. */
  async project(tokens: Float32Array, rows: number): Promise<Float32Array> {
    const outputs = await this.head.run({ tokens: float32Tensor(tokens, [rows, this.facts.width]) });
    return float32Output(outputs, 'projected').data;
  }

  async dispose(): Promise<void> {
    await Promise.all([this.session.release(), this.head.release()]);
  }
}

async function run(
  session: InferenceSession,
  pixels: Float32Array,
  batch: number,
  imageSize: number,
  outputs: string[],
): Promise<InferenceSession.OnnxValueMapType> {
  const feeds: Record<string, Tensor> = {
    pixel_values: float32Tensor(pixels, [batch, 3, imageSize, imageSize]),
  };
  // A combined export also wants a text; the shortest one serves, since its result is not looked at.
  if (session.inputNames.includes('input_ids')) feeds.input_ids = int64Tensor(new BigInt64Array(1), [1, 1]);
  if (session.inputNames.includes('attention_mask'))
    feeds.attention_mask = int64Tensor(new BigInt64Array([1n]), [1, 1]);
  return session.run(feeds, outputs);
}

async function probe(
  session: InferenceSession,
  imageSize: number,
  layers: number,
): Promise<Omit<ImageTowerFacts, 'mixesBatch'>> {
  const area = 3 * imageSize * imageSize;
  const pixels = Float32Array.from(
    { length: 2 * area },
    (_, at) => Math.sin(at * 0.01) + Math.floor(at / area),
  );
  const outputs = await run(session, pixels, 2, imageSize, [...Object.values(output), embedding]);
  const tokens = float32Output(outputs, output.tokens);
  const projected = float32Output(outputs, output.projected);
  const [, count, width] = tokens.dims;
  const dimension = projected.dims[1];
  checkAttention(float32Output(outputs, output.attention).data, count);
  checkReplayedHead(projected.data, count, dimension, float32Output(outputs, embedding).data);
  const side = Math.round(Math.sqrt(count - 1));
  if (side * side !== count - 1)
    throw new UnsupportedModelError(`its ${count - 1} patches do not form a square grid.`);
  return { layers, tokens: count, grid: [side, side], width, dimension };
}

function checkAttention(attention: Float32Array, tokens: number): void {
  for (let start = 0; start < attention.length; start += tokens) {
    let sum = 0;
    for (let token = start; token < start + tokens; token++) sum += attention[token];
    if (!(Math.abs(sum - 1) < 1e-3))
      throw new UnsupportedModelError(`the attention found in it sums to ${sum}, not to 1.`);
  }
}

/** The cosine, because integer exports take one range over all tokens and so replay the head only roughly. */
function checkReplayedHead(
  projected: Float32Array,
  tokens: number,
  dimension: number,
  embeddings: Float32Array,
): void {
  for (let row = 0; row * dimension < embeddings.length; row++) {
    let product = 0;
    let ours = 0;
    let theirs = 0;
    for (let k = 0; k < dimension; k++) {
      const a = projected[row * tokens * dimension + k];
      const b = embeddings[row * dimension + k];
      product += a * b;
      ours += a * a;
      theirs += b * b;
    }
    const cosine = product / Math.sqrt(ours * theirs);
    if (!(cosine > 0.98))
      throw new UnsupportedModelError(
        `its pooling head replayed on [CLS] gives another embedding (cosine ${cosine}).`,
      );
  }
}
