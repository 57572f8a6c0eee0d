import type { InferenceSession } from 'onnxruntime-node';
import { crossAttention } from '../pipeline/crossAttention';
import { dotProduct } from '../pipeline/vectors';
import { UnsupportedModelError, findAttentions } from './attentionTaps';
import { addCrossAttention, addQueriesAndKeys } from './crossAttentionTaps';
import { findPoolingHead, headModel, projectEveryToken } from './headTaps';
import { Fragment } from '../onnx/fragment';
import { ownGraph } from './ownGraph';
import { onnxruntimeFault } from './onnxruntimeFault';
import { float32Output, float32Tensor, openSession, type SessionOptions } from './session';
import { ViewRuns, type RunView } from './viewRuns';

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
    private readonly runs: ViewRuns,
    readonly facts: ImageTowerFacts,
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
    const graph = ownGraph(model, options);
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
    const runs = new ViewRuns(graph, imageSize);
    if (givesKeys || !runs.together) {
      const { query, keys } = addQueriesAndKeys(fragment, taps, 'pixel_values');
      fragment.output(query, shared.query);
      fragment.output(keys, shared.keys);
    }
    const session = await openSession(fragment.appendTo(model), options);
    // Its threads would spin while those of the tower, or of the other products, want the processors.
    const { threads, weightsFolder } = options;
    const head = await openSession(headModel(graph, pooling), { threads, weightsFolder }).catch(
      async (error: unknown) => {
        await session.release();
        throw error;
      },
    );
    try {
      const facts = await probe(session, runs, imageSize, taps.length);
      return new ImageTower(session, head, runs, { ...facts, mixesBatch: runs.mixesBatch });
    } catch (error) {
      await Promise.all([session.release(), head.release()]);
      throw error;
    }
  }

  /**
   * Runs an object through the tower, and a photo of which only the embedding is wanted with it.
   *
   * @param pixels normalised views of 3 × S × S: target, background and, if there is one, the photo.
   */
  async run(pixels: Float32Array): Promise<TowerPasses> {
    const wanted = Object.values(output);
    if (!this.runs.together) wanted.push(shared.query, shared.keys);
    const [target, background, photo] = await this.runs.run(this.session, pixels, wanted);
    return {
      target: passOf(target),
      background: this.runs.together
        ? passOf(background)
        : { ...passOf(background), attention: this.lookedAt(target, background) },
      photo: photo ? this.embeddingOf(photo) : null,
    };
  }

  /**
   * Runs a whole photo, with the blurred one beside it.
   *
   * @param pixels normalised views of 3 × S × S: the photo, and it blurred.
   */
  async runPhoto(pixels: Float32Array): Promise<PhotoPass> {
    const wanted = [output.tokens, output.projected, shared.keys];
    const [photo, blurred] = await this.runs.run(this.session, pixels, wanted);
    return {
      tokens: photo.part(output.tokens),
      projected: photo.part(output.projected),
      keys: photo.part(shared.keys),
      blurred: this.embeddingOf(blurred),
    };
  }

  /** Runs a target alone. @param pixels its normalised view, 3 × S × S. */
  async runTarget(pixels: Float32Array): Promise<{ target: ViewPass; query: ClsQuery }> {
    const wanted = [...Object.values(output), shared.query];
    const [target] = await this.runs.run(this.session, pixels, wanted);
    return { target: passOf(target), query: queryOf(target) };
  }

  /** Attention of a target over the keys of a view of another run. */
  private lookedAt(target: RunView, view: RunView): Float32Array {
    const { values, headWidth } = queryOf(target);
    return crossAttention(values, view.part(shared.keys), headWidth, this.facts.tokens, 1);
  }

  private embeddingOf(view: RunView): Float32Array {
    return view.part(output.projected).subarray(0, this.facts.dimension);
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

function passOf(view: RunView): ViewPass {
  return {
    tokens: view.part(output.tokens),
    projected: view.part(output.projected),
    attention: view.part(output.attention),
  };
}

function queryOf(view: RunView): ClsQuery {
  const { dims } = float32Output(view.outputs, shared.query);
  return { values: view.part(shared.query), headWidth: dims[3] };
}

async function probe(
  session: InferenceSession,
  runs: ViewRuns,
  imageSize: number,
  layers: number,
): Promise<Omit<ImageTowerFacts, 'mixesBatch'>> {
  const area = 3 * imageSize * imageSize;
  const pixels = Float32Array.from(
    { length: 2 * area },
    (_, at) => Math.sin(at * 0.01) + Math.floor(at / area),
  );
  const wanted = [...Object.values(output), embedding];
  const views = await runs.run(session, pixels, wanted).catch((error: Error) => {
    throw new UnsupportedModelError(
      `it does not take images of ${imageSize} × ${imageSize} pixels, which its description (bundle.json, or preprocessor_config.json of an export) asks for: ${onnxruntimeFault(error)}`,
    );
  });
  const [{ outputs }] = views;
  const [, tokens, width] = float32Output(outputs, output.tokens).dims;
  const dimension = float32Output(outputs, output.projected).dims[1];
  for (const view of views) {
    checkAttention(view.part(output.attention));
    checkReplayedHead(view.part(output.projected).subarray(0, dimension), view.part(embedding));
  }
  const side = Math.round(Math.sqrt(tokens - 1));
  if (side * side !== tokens - 1)
    throw new UnsupportedModelError(`its ${tokens - 1} patches do not form a square grid.`);
  return { layers, tokens, grid: [side, side], width, dimension };
}

function checkAttention(attention: Float32Array): void {
  const sum = attention.reduce((total, weight) => total + weight, 0);
  if (!(Math.abs(sum - 1) < 1e-3))
    throw new UnsupportedModelError(`the attention found in it sums to ${sum}, not to 1.`);
}

/** The cosine, because integer exports take one range over all tokens and so replay the head only roughly. */
function checkReplayedHead(replayed: Float32Array, embedded: Float32Array): void {
  const size = Math.sqrt(dotProduct(replayed, 0, replayed, 0, replayed.length));
  const other = Math.sqrt(dotProduct(embedded, 0, embedded, 0, embedded.length));
  const cosine = dotProduct(replayed, 0, embedded, 0, embedded.length) / (size * other);
  if (!(cosine > 0.98))
    throw new UnsupportedModelError(
      `its pooling head replayed on [CLS] gives another embedding (cosine ${cosine}).`,
    );
}
