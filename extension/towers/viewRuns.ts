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

/**
 * Runs views through an image tower: together, or, where an export takes a fixed number of them, each in a run of its own that
 * it fills alone.
 */
export class ViewRuns {
  /** Views a run has to have; undefined: as many as there are. */
  private readonly batch: number | undefined;
  /** Of a combined export, the texts a run wants and their tokens. */
  private readonly texts: number;
  private readonly textLength: number;
  private readonly wantsMask: boolean;
  private readonly wantsText: boolean;

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
  }

  /** Whether views run together, so that the graph can compute across them. */
  get together(): boolean {
    return this.batch === undefined;
  }

  /** @param pixels normalised views, 3 × S × S each. @param outputs names of what is wanted. */
  async run(session: InferenceSession, pixels: Float32Array, outputs: readonly string[]): Promise<RunView[]> {
    const area = 3 * this.imageSize ** 2;
    const views = pixels.length / area;
    if (this.batch === undefined) {
      const given = await session.run(this.feeds(pixels, views), outputs);
      return Array.from({ length: views }, (_, row) => new RunView(given, row, views));
    }
    const alone: RunView[] = [];
    for (let start = 0; start < pixels.length; start += area) {
      // Filled up with itself: an integer export takes one range over all of a run.
      const filled = new Float32Array(this.batch * area);
      for (let row = 0; row < this.batch; row++) filled.set(pixels.subarray(start, start + area), row * area);
      const given = await session.run(this.feeds(filled, this.batch), outputs);
      alone.push(new RunView(given, 0, this.batch));
    }
    return alone;
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
