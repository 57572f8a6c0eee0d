import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import * as z from 'zod/mini';

/** Token ids of a text, start and end token included, no padding. */
export interface TokenizedText {
  ids: number[];
  /** Position of the first end-of-text token, where the text tower is read. */
  end: number;
}

const tokenizerFileSchema = z.looseObject({
  model: z.looseObject({ type: z.string() }),
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })),
});

/** Texts to token ids, as the tokenizer file of an export says. */
export class TextTokenizer {
  private readonly library: LibraryTokenizer;
  private readonly endId: number;

  /**
   * @param file the contents of a `tokenizer.json`.
   * @param contextLength the most tokens the text tower takes.
   * @throws Error when the file is not a tokenizer that ends texts with a token of its own.
   */
  constructor(
    file: Uint8Array,
    readonly contextLength: number,
  ) {
    const parsed = z.safeParse(tokenizerFileSchema, JSON.parse(new TextDecoder().decode(file)));
    if (!parsed.success)
      throw new Error(
        `it is no tokenizer.json of a text tower (${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')})`,
      );
    const json = parsed.data;
    this.library = new LibraryTokenizer(json, {});
    const ids = this.library.encode('').ids;
    const end = ids.at(-1);
    if (end === undefined || ids.length < 2)
      throw new Error('the tokenizer adds no start and end token to a text');
    this.endId = end;
  }

  /** Longer texts keep what fits and still end in the end token. */
  encode(text: string): TokenizedText {
    // JavaScript lower-cases a capital sigma at the end of a word to its final form; tokenizers work letter by letter.
    let ids = this.library.encode(text.replaceAll('Σ', 'σ')).ids;
    if (ids.length > this.contextLength) ids = [...ids.slice(0, this.contextLength - 1), this.endId];
    return { ids, end: ids.indexOf(this.endId) };
  }

  /** What fills the places behind the end; a causal tower never looks at them. */
  get paddingId(): number {
    return this.endId;
  }
}
