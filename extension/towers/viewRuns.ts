import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Graph } from '../onnx/graph';
import { float32Output, float32Tensor, int64Tensor } from './session';

/** What a run gave of one of its views. */
export class RunView {
  constructor(
    readonly outputs: InferenceSession.OnnxValueMapType,
    private readonly row: number,
    private readonly rows: number,
  ) {}

  /** The view's share of an output; a view of the session's own memory. */
  part(name: string): Float32Array {
    const { data } = float32Output(this.outputs, name);
    const size = data.length / this.rows;
    return data.subarray(this.row * size, (this.row + 1) * size);
  }
}

/** Runs views through an image tower: all together, or as many a run as an export takes. */
export class ViewRuns {
  /** Views a run has to have; undefined: as many as there are. */
  private readonly batch: number | undefined;
  /** Of a combined export, the texts a run wants and their tokens. */
  private readonly texts: number;
  private readonly textLength: number;
  private readonly wantsMask: boolean;
  private readonly wantsText: boolean;
  /** Integer exports take one range over all of a run, so what is in it changes every number. */
  readonly mixesBatch: boolean;

  constructor(
    graph: Graph,
    private readonly imageSize: number,
  ) {
    this.batch = graph.fixedLength('pixel_values', 0);
    this.texts = graph.fixedLength('input_ids', 0) ?? 1;
    // The shortest text serves, since what comes of it is not looked at.
    this.textLength = graph.fixedLength('input_ids', 1) ?? 1;
    this.wantsText = graph.inputs.includes('input_ids');
    this.wantsMask = graph.inputs.includes('attention_mask');
    this.mixesBatch = graph.nodes.some(({ opType }) => opType === 'DynamicQuantizeLinear');
  }

  /** Whether the first two views share a run, so that the graph can compute across them. */
  get together(): boolean {
    return this.viewsARun(2) >= 2;
  }

  /** @param pixels normalised views, 3 × S × S each. @param outputs names of what is wanted. */
  async run(session: InferenceSession, pixels: Float32Array, outputs: readonly string[]): Promise<RunView[]> {
    const area = 3 * this.imageSize ** 2;
    const views = pixels.length / area;
    const most = this.viewsARun(views);
    const found: RunView[] = [];
    for (let start = 0; start < views; start += most) {
      const own = pixels.subarray(start * area, Math.min(start + most, views) * area);
      const rows = this.batch ?? views;
      const given = await session.run(this.feeds(this.filled(own, rows * area), rows), outputs);
      for (let row = 0; row < own.length / area; row++) found.push(new RunView(given, row, rows));
    }
    return found;
  }

  /** A run that is not full may hold one view alone, where it would change the others' numbers. */
  private viewsARun(views: number): number {
    if (this.batch === undefined) return views;
    return this.mixesBatch ? 1 : this.batch;
  }

  /** As many views as a run takes, the first again and again behind those that are wanted. */
  private filled(views: Float32Array, size: number): Float32Array {
    if (views.length === size) return views;
    const area = 3 * this.imageSize ** 2;
    const filled = new Float32Array(size);
    filled.set(views);
    for (let start = views.length; start < size; start += area) filled.set(views.subarray(0, area), start);
    return filled;
  }

  private feeds(pixels: Float32Array, views: number): Record<string, Tensor> {
    const { imageSize, texts, textLength } = this;
    const feeds: Record<string, Tensor> = {
      pixel_values: float32Tensor(pixels, [views, 3, imageSize, imageSize]),
    };
    const size = texts * textLength;
    if (this.wantsText) feeds.input_ids = int64Tensor(new BigInt64Array(size), [texts, textLength]);
    if (this.wantsMask)
      feeds.attention_mask = int64Tensor(new BigInt64Array(size).fill(1n), [texts, textLength]);
    return feeds;
  }
}
