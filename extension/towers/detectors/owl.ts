import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Box, RgbImage } from '../../pipeline/image';
import { UnsupportedModelError } from '../attentionTaps';
import { smoothedSquare, type SquareInput } from '../preprocessing/smoothedResize';
import { squashedSquare } from '../preprocessing/squashedSquare';
import { openOwnModel } from '../ownGraph';
import { float32Output, float32Tensor, int64Tensor, type SessionOptions } from '../session';
import type { TextTokenizer } from '../tokenizer';
import type { Detection, DetectionOptions, Detector } from './detector';
import { keepDetections } from './nonMaximumSuppression';
import { openVocabulary } from './openVocabulary';

/** What fills a query behind its end; the attention mask is 0 there. */
const padding = 0n;

/** Outputs of the objectness head, which public exports lack. */
const objectnessNames = ['objectness_logits', 'objectness'];

export interface OwlOutput {
  /** patches × queries. */
  logits: Float32Array;
  /** patches × (cx, cy, w, h), as shares of the square input. */
  boxes: Float32Array;
  /** patches; null where the export has none. */
  objectness: Float32Array | null;
}

/** Width and height in pixels that the shares of a box are of. */
export interface BoxScale {
  width: number;
  height: number;
}

/**
 * Every patch's box with its score, in the order of the grid, neither cut at the image nor thinned out: the sigmoid of its
 * largest logit over the queries. Where the export gives objectness, which says that there is a thing of any kind, the
 * larger of the two counts.
 */
export function owlDetections({ logits, boxes, objectness }: OwlOutput, scale: BoxScale): Detection[] {
  const patches = boxes.length / 4;
  const queries = logits.length / patches;
  return Array.from({ length: patches }, (_, patch) => {
    let largest = objectness ? objectness[patch] : -Infinity;
    for (let query = patch * queries; query < (patch + 1) * queries; query++)
      if (logits[query] > largest) largest = logits[query];
    return {
      box: boxOf(boxes.subarray(patch * 4, patch * 4 + 4), scale),
      score: 1 / (1 + Math.exp(-largest)),
    };
  });
}

function boxOf([cx, cy, w, h]: Float32Array, { width, height }: BoxScale): Box {
  return { x: (cx - w / 2) * width, y: (cy - h / 2) * height, width: w * width, height: h * height };
}

/**
 * OWLv2 or OWL-ViT (Minderer et al. 2022, 2023) used as a detector of things of any kind: asked for the known classes, for
 * an object as such, and for an open vocabulary.
 */
export class OwlDetector implements Detector {
  private readonly queries = new Map<string, { ids: Tensor; mask: Tensor }>();

  private constructor(
    private readonly session: InferenceSession,
    private readonly tokenizer: TextTokenizer,
    private readonly input: SquareInput,
    private readonly objectnessName: string | undefined,
  ) {}

  /**
   * @param tokenizer with the context length of a query, 16 tokens in public exports.
   * @throws UnsupportedModelError when the file is no such detector; Error when it does not open.
   */
  static async load(
    model: Uint8Array,
    input: SquareInput,
    tokenizer: TextTokenizer,
    options: SessionOptions,
  ): Promise<OwlDetector> {
    const session = await openOwnModel(model, options);
    for (const name of ['logits', 'pred_boxes'])
      if (!session.outputNames.includes(name))
        throw new UnsupportedModelError(`it has no output ${name}, so it is no OWLv2 or OWL-ViT detector.`);
    const objectness = objectnessNames.find((name) => session.outputNames.includes(name));
    return new OwlDetector(session, tokenizer, input, objectness);
  }

  async detect(image: RgbImage, options: DetectionOptions, classes: readonly string[]): Promise<Detection[]> {
    const padded = this.input.resize === 'padToSquare';
    const pixels = padded ? smoothedSquare(image, this.input) : squashedSquare(image, this.input);
    const output = await this.run(pixels, queriesFor(classes));
    const longest = Math.max(image.width, image.height);
    const scale = padded ? { width: longest, height: longest } : image;
    return keepDetections(owlDetections(output, scale), options, image.width, image.height);
  }

  /** @param pixels 3 × S × S. @param texts the queries. */
  async run(pixels: Float32Array, texts: readonly string[]): Promise<OwlOutput> {
    const { size } = this.input;
    const { ids, mask } = this.tokenised(texts);
    const wanted = ['logits', 'pred_boxes', ...(this.objectnessName ? [this.objectnessName] : [])];
    const outputs = await this.session.run(
      { input_ids: ids, attention_mask: mask, pixel_values: float32Tensor(pixels, [1, 3, size, size]) },
      wanted,
    );
    return {
      logits: float32Output(outputs, 'logits').data,
      boxes: float32Output(outputs, 'pred_boxes').data,
      objectness: this.objectnessName ? float32Output(outputs, this.objectnessName).data : null,
    };
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }

  private tokenised(texts: readonly string[]): { ids: Tensor; mask: Tensor } {
    const key = texts.join('\n');
    const known = this.queries.get(key);
    if (known) return known;
    const { ids, mask } = queryTokens(this.tokenizer, texts);
    const dims = [texts.length, this.tokenizer.contextLength];
    const made = { ids: int64Tensor(ids, dims), mask: int64Tensor(mask, dims) };
    this.queries.set(key, made);
    return made;
  }
}

/**
 * Token ids of queries and which of them are not padding, both queries × context length. A longer query is cut and still
 * ends in the end token.
 */
export function queryTokens(
  tokenizer: TextTokenizer,
  texts: readonly string[],
): { ids: BigInt64Array; mask: BigInt64Array } {
  const length = tokenizer.contextLength;
  const ids = new BigInt64Array(texts.length * length).fill(padding);
  const mask = new BigInt64Array(texts.length * length);
  texts.forEach((text, row) =>
    tokenizer.encode(text).ids.forEach((id, at) => {
      ids[row * length + at] = BigInt(id);
      mask[row * length + at] = 1n;
    }),
  );
  return { ids, mask };
}

/** The known classes, an object as such, and what else turns up in photos; a name once. */
export function queriesFor(classes: readonly string[]): string[] {
  const names = [...new Set([...classes, 'object', ...openVocabulary].map((name) => name.toLowerCase()))];
  return names.map((name) => `a photo of ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`);
}
