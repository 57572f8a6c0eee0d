import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { UnsupportedModelError, findAttentions } from './attentionTaps';
import { addCrossAttention, addQueriesAndKeys } from './crossAttentionTaps';
import { findPoolingHead, headModel, projectEveryToken } from './headTaps';
import { Fragment } from './onnx/fragment';
import { ownGraph } from './ownGraph';
import {
  float32Output,
  float32Tensor,
  int64Tensor,
  openSession,
  textLengthOf,
  type SessionOptions,
} from './session';

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

/** q_0 of a view, of every layer and head, with the scale of attention in it: layers·heads × headWidth. */
export interface ClsQuery {
  values: Float32Array;
  headWidth: number;
}

/** What a pass of a whole photo leaves, for all its objects to look at. */
export interface PhotoPass {
  /** z, tokens × Dv. */
  tokens: Float32Array;
  /** P z, tokens × D. */
  projected: Float32Array;
  /** k, layers·heads × tokens × headWidth. */
  keys: Float32Array;
  /** [CLS] embedding of the blurred photo, D. */
  blurred: Float32Array;
}

const embedding = 'image_embeds';
const output = { tokens: 'uniOod.tokens', projected: 'uniOod.projected', attention: 'uniOod.attention' };
const shared = { query: 'uniOod.query', keys: 'uniOod.keys' };

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
   * @param givesKeys whether `runPhoto` and `runTarget` are wanted: queries and keys then leave the graph too.
   * @throws UnsupportedModelError when the file hides what the method needs; Error when it does not open.
   */
  static async load(
    model: Uint8Array,
    imageSize: number,
    options: SessionOptions,
    givesKeys = false,
  ): Promise<ImageTower> {
    const graph = ownGraph(model);
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
    if (givesKeys) {
      const { query, keys } = addQueriesAndKeys(fragment, taps, 'pixel_values');
      fragment.output(query, shared.query);
      fragment.output(keys, shared.keys);
    }
    const session = await openSession(fragment.appendTo(model), options);
    // Its threads would spin while those of the tower, or of the other products, want the processors.
    const head = await openSession(headModel(graph, pooling), { threads: options.threads });
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
    const { outputs, batch } = await this.outputsOf(pixels, Object.values(output));
    return {
      target: this.viewOf(outputs, 0),
      background: this.viewOf(outputs, 1),
      photo: batch > 2 ? this.embeddingOf(outputs, 2) : null,
    };
  }

  /**
   * Runs a whole photo, with the blurred one beside it.
   *
   * @param pixels normalised views of 3 × S × S: the photo, and it blurred.
   */
  async runPhoto(pixels: Float32Array): Promise<PhotoPass> {
    const wanted = [output.tokens, output.projected, shared.keys];
    const { outputs, batch } = await this.outputsOf(pixels, wanted);
    const { tokens, width, dimension } = this.facts;
    const keys = float32Output(outputs, shared.keys).data;
    return {
      tokens: part(outputs, output.tokens, 0, tokens * width),
      projected: part(outputs, output.projected, 0, tokens * dimension),
      keys: keys.subarray(0, keys.length / batch),
      blurred: this.embeddingOf(outputs, 1),
    };
  }

  /** Runs a target alone. @param pixels its normalised view, 3 × S × S. */
  async runTarget(pixels: Float32Array): Promise<{ target: ViewPass; query: ClsQuery }> {
    const { outputs } = await this.outputsOf(pixels, [...Object.values(output), shared.query]);
    const { data, dims } = float32Output(outputs, shared.query);
    return { target: this.viewOf(outputs, 0), query: { values: data, headWidth: dims[3] } };
  }

  private async outputsOf(
    pixels: Float32Array,
    wanted: string[],
  ): Promise<{ outputs: InferenceSession.OnnxValueMapType; batch: number }> {
    const batch = pixels.length / (3 * this.imageSize ** 2);
    return { outputs: await run(this.session, pixels, batch, this.imageSize, wanted), batch };
  }

  private viewOf(outputs: InferenceSession.OnnxValueMapType, row: number): ViewPass {
    const { tokens, width, dimension } = this.facts;
    return {
      tokens: part(outputs, output.tokens, row, tokens * width),
      projected: part(outputs, output.projected, row, tokens * dimension),
      attention: part(outputs, output.attention, row, tokens),
    };
  }

  private embeddingOf(outputs: InferenceSession.OnnxValueMapType, row: number): Float32Array {
    const { tokens, dimension } = this.facts;
    return part(outputs, output.projected, row, tokens * dimension).subarray(0, dimension);
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

/** A view's share of an output. */
function part(
  outputs: InferenceSession.OnnxValueMapType,
  name: string,
  row: number,
  size: number,
): Float32Array {
  return float32Output(outputs, name).data.subarray(row * size, (row + 1) * size);
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
  // A combined export also wants a text; the shortest one it takes serves, since its result is not looked at.
  const fixed = textLengthOf(session);
  const length = typeof fixed === 'number' && fixed > 0 ? fixed : 1;
  if (session.inputNames.includes('input_ids'))
    feeds.input_ids = int64Tensor(new BigInt64Array(length), [1, length]);
  if (session.inputNames.includes('attention_mask'))
    feeds.attention_mask = int64Tensor(new BigInt64Array(length).fill(1n), [1, length]);
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
