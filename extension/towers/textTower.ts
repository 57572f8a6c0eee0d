import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ClassTexts } from '../pipeline/backgroundText';
import { namesOf, type ClassAliases } from '../pipeline/classAliases';
import { interTextAttention, type TextAttentionTaps } from '../pipeline/interTextAttention';
import { unitRows } from '../pipeline/vectors';
import { interTextAttentionOfMany } from './longClassList';
import { UnsupportedModelError, findAttentions, type AttentionTap } from './attentionTaps';
import { Fragment } from '../onnx/fragment';
import { ownGraph } from './ownGraph';
import { float32Output, float32Tensor, int64Tensor, openSession, type SessionOptions } from './session';
import type { TextTokenizer, TokenizedText } from './tokenizer';

const embedding = 'text_embeds';
/** Longer lists are the work of a matrix library. */
const fewClasses = 100;
/** Prompts a run; enough to fill the cores, few enough that the taps of long contexts stay small. */
const batchSize = 16;

/** Embeddings and the taps of inter-text attention at the end token of every prompt. */
interface EncodedPrompts {
  /** prompts × D, as the tower gives them. */
  embeddings: Float32Array;
  dimension: number;
  /** q and k, prompts × (layers · heads) × headWidth. */
  query: Float32Array;
  key: Float32Array;
  headWidth: number;
  /** What multiplies q·k before the softmax. */
  scale: number;
}

/** What a run of a text tower takes. */
interface TextRun {
  /** Rows it has to have; undefined: as many as there are texts. */
  rows: number | undefined;
  /** The most texts in it. */
  texts: number;
  /** Of a combined export, the images it wants, and their side. */
  images: number;
  imageSize: number;
}

/** A text tower whose queries and keys at the end token are read from the inside of an ordinary export. */
export class TextTower {
  private constructor(
    private readonly session: InferenceSession,
    private readonly tokenizer: TextTokenizer,
    private readonly taps: AttentionTap[],
    private readonly run: TextRun,
    private readonly options: SessionOptions,
    /** Whether texts may be shorter than the context; some exports take no other length. */
    private readonly takesShortTexts: boolean,
  ) {}

  /**
   * @param imageSize side of the image input, which a combined export asks for too.
   * @throws UnsupportedModelError when the file hides what the method needs; Error when it does not open.
   */
  static async load(
    model: Uint8Array,
    tokenizer: TextTokenizer,
    imageSize: number,
    options: SessionOptions,
  ): Promise<TextTower> {
    const graph = ownGraph(model, options);
    if (!graph.outputs.includes(embedding))
      throw new UnsupportedModelError(
        `it has no output ${embedding}. Use a CLIP text tower with its projection.`,
      );
    const taps = findAttentions(graph).filter(
      ({ sources }) => sources.has('input_ids') && !sources.has('pixel_values'),
    );
    if (taps.length === 0)
      throw new UnsupportedModelError(
        'no attention over the text was found in it. Use a CLIP export with separate queries and keys.',
      );
    const fragment = new Fragment('uniOod');
    taps.forEach((tap, layer) => {
      fragment.output(tap.query, queryName(layer));
      fragment.output(tap.key, keyName(layer));
    });
    const session = await openSession(fragment.appendTo(model), options);
    // Integer exports take one range over all of a run: a text's numbers may not depend on the others.
    const mixesBatch = graph.nodes.some(({ opType }) => opType === 'DynamicQuantizeLinear');
    const rows = graph.fixedLength('input_ids', 0);
    const run: TextRun = {
      rows,
      texts: mixesBatch ? 1 : (rows ?? batchSize),
      images: graph.fixedLength('pixel_values', 0) ?? 1,
      imageSize,
    };
    const open = (takesShortTexts: boolean): TextTower =>
      new TextTower(session, tokenizer, taps, run, options, takesShortTexts);
    try {
      return open(
        graph.fixedLength('input_ids', 1) === undefined && (await isCausal(open(true), open(false))),
      );
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /**
   * The texts of a class list: embeddings averaged over the prompt templates and the names of a class at unit length,
   * inter-text attention between the classes' own names averaged over the templates, and the prompts of the first template
   * joined into one.
   *
   * @param templates with one `{}` each, where the class name goes.
   */
  async classTexts(
    classes: readonly string[],
    templates: readonly string[],
    aliases: ClassAliases = {},
  ): Promise<ClassTexts> {
    // Own names first, so that their queries and keys stand together.
    const names = classes.map((name, index) => ({ name, index, share: 1 / namesOf(name, aliases).length }));
    const others = names.flatMap(({ name, ...rest }) =>
      namesOf(name, aliases)
        .slice(1)
        .map((alias) => ({ ...rest, name: alias })),
    );
    const all = [...names, ...others];
    let dimension = 0;
    let embeddings: Float32Array | undefined;
    const attention = new Float32Array(classes.length ** 2);
    for (const template of templates) {
      const encoded = await this.encode(all.map(({ name }) => template.replace('{}', () => name)));
      dimension = encoded.dimension;
      const unit = unitRows(encoded.embeddings, dimension);
      embeddings ??= new Float32Array(classes.length * dimension);
      for (const [row, { index, share }] of all.entries())
        for (let at = 0; at < dimension; at++)
          embeddings[index * dimension + at] += (share * unit[row * dimension + at]) / templates.length;
      const own = (values: Float32Array): Float32Array =>
        values.subarray(0, (values.length / all.length) * classes.length);
      const asked = {
        ...encoded,
        query: own(encoded.query),
        key: own(encoded.key),
        prompts: classes.length,
      };
      const table =
        classes.length > fewClasses
          ? await interTextAttentionOfMany(asked, this.options)
          : interTextAttention(asked);
      for (let at = 0; at < table.length; at++) attention[at] += table[at] / templates.length;
    }
    if (!embeddings) throw new RangeError('A class list needs a prompt template.');
    const joined = await this.encode([
      classes.map((name) => templates[0].replace('{}', () => name)).join(', '),
    ]);
    return {
      classes: classes.length,
      dimension,
      embeddings: unitRows(embeddings, dimension),
      interTextAttention: attention,
      joinedPrompt: unitRows(joined.embeddings, dimension),
    };
  }

  /** What the classes' end tokens ask and offer in attention, one entry a template. */
  async textAttention(
    classes: readonly string[],
    templates: readonly string[],
  ): Promise<TextAttentionTaps[]> {
    const taps: TextAttentionTaps[] = [];
    for (const template of templates) {
      const { query, key, headWidth, scale } = await this.encode(
        classes.map((name) => template.replace('{}', () => name)),
      );
      taps.push({ query, key, headWidth, scale, prompts: classes.length });
    }
    return taps;
  }

  /** Embeddings of prompts and what their end tokens ask and offer in attention. */
  async encode(prompts: readonly string[]): Promise<EncodedPrompts> {
    return this.encodeTokens(prompts.map((prompt) => this.tokenizer.encode(prompt)));
  }

  /** As `encode`, of texts that are token ids already. */
  async encodeTokens(texts: readonly TokenizedText[]): Promise<EncodedPrompts> {
    const parts: EncodedPrompts[] = [];
    const { texts: most } = this.run;
    for (let start = 0; start < texts.length; start += most)
      parts.push(await this.encodeBatch(texts.slice(start, start + most)));
    const [{ dimension, headWidth, scale }] = parts;
    return {
      embeddings: joined(parts.map((part) => part.embeddings)),
      query: joined(parts.map((part) => part.query)),
      key: joined(parts.map((part) => part.key)),
      dimension,
      headWidth,
      scale,
    };
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }

  private async encodeBatch(texts: readonly TokenizedText[]): Promise<EncodedPrompts> {
    // A causal tower does not look behind the end, so what is longer than the longest text is work for nothing.
    const longest = Math.max(...texts.map(({ ids }) => ids.length));
    const length = this.takesShortTexts ? longest : this.tokenizer.contextLength;
    const filled = Array.from({ length: this.run.rows ?? texts.length }, (_, row) => texts[row] ?? texts[0]);
    const ids = new BigInt64Array(filled.length * length).fill(BigInt(this.tokenizer.paddingId));
    filled.forEach((text, row) => text.ids.forEach((id, at) => (ids[row * length + at] = BigInt(id))));
    const outputs = await this.session.run(this.feeds(ids, filled.length, length));
    const embeddings = float32Output(outputs, embedding);
    const dimension = embeddings.dims[embeddings.dims.length - 1];
    const query = new EndTokens(filled);
    const key = new EndTokens(filled);
    this.taps.forEach((tap, layer) => {
      query.add(float32Output(outputs, queryName(layer)), false);
      key.add(float32Output(outputs, keyName(layer)), tap.keyTransposed);
    });
    return {
      embeddings: embeddings.data.subarray(0, texts.length * dimension),
      dimension,
      query: query.joined(texts.length),
      key: key.joined(texts.length),
      headWidth: query.headWidth,
      scale: this.taps[0].scale ?? 1 / Math.sqrt(query.headWidth),
    };
  }

  private feeds(ids: BigInt64Array, batch: number, length: number): Record<string, Tensor> {
    const { images, imageSize } = this.run;
    const feeds: Record<string, Tensor> = { input_ids: int64Tensor(ids, [batch, length]) };
    if (this.session.inputNames.includes('attention_mask'))
      feeds.attention_mask = int64Tensor(new BigInt64Array(batch * length).fill(1n), [batch, length]);
    if (this.session.inputNames.includes('pixel_values'))
      feeds.pixel_values = float32Tensor(new Float32Array(images * 3 * imageSize ** 2), [
        images,
        3,
        imageSize,
        imageSize,
      ]);
    return feeds;
  }
}

/** Whether a text of its own length gives what it gives with the context filled up. */
async function isCausal(short: TextTower, full: TextTower): Promise<boolean> {
  const probe = ['a photo of a cat'];
  try {
    const [one, other] = [await short.encode(probe), await full.encode(probe)];
    const [a, b] = [unitRows(one.embeddings, one.dimension), unitRows(other.embeddings, other.dimension)];
    return a.every((value, at) => Math.abs(value - b[at]) < 1e-4);
  } catch {
    return false;
  }
}

const queryName = (layer: number): string => `uniOod.query.${layer}`;
const keyName = (layer: number): string => `uniOod.key.${layer}`;

/** Gathers the vectors at the end token, layer by layer: prompts × layers × heads × headWidth. */
class EndTokens {
  headWidth = 0;
  private readonly layers: Float32Array[] = [];

  constructor(private readonly texts: readonly TokenizedText[]) {}

  /** @param tensor (batch · heads, n, d) or (batch, heads, n, d); with `transposed` the last two axes change places. */
  add({ data, dims }: { data: Float32Array; dims: readonly number[] }, transposed: boolean): void {
    const [rows, columns] = dims.slice(-2);
    const [length, width] = transposed ? [columns, rows] : [rows, columns];
    const heads = data.length / (this.texts.length * length * width);
    const gathered = new Float32Array(this.texts.length * heads * width);
    this.texts.forEach(({ end }, prompt) => {
      for (let head = 0; head < heads; head++) {
        const block = (prompt * heads + head) * length * width;
        for (let k = 0; k < width; k++)
          gathered[(prompt * heads + head) * width + k] =
            data[block + (transposed ? k * length + end : end * width + k)];
      }
    });
    this.headWidth = width;
    this.layers.push(gathered);
  }

  /** Of the first `wanted` texts. */
  joined(wanted: number): Float32Array {
    const perPrompt = this.layers[0].length / this.texts.length;
    const all = new Float32Array(this.layers.length * this.layers[0].length);
    this.layers.forEach((layer, at) => {
      for (let prompt = 0; prompt < this.texts.length; prompt++)
        all.set(
          layer.subarray(prompt * perPrompt, (prompt + 1) * perPrompt),
          (prompt * this.layers.length + at) * perPrompt,
        );
    });
    return all.subarray(0, wanted * this.layers.length * perPrompt);
  }
}

function joined(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
