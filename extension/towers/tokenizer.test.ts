import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TextTokenizer } from './tokenizer';

interface Row {
  text: string;
  ids: number[];
}

const fixtures = join(__dirname, '../../test/fixtures');
const { tiny } = JSON.parse(readFileSync(join(fixtures, 'oracle/tokens.json'), 'utf8')) as { tiny: Row[] };

describe('the CLIP tokenizer', () => {
  const tokenizer = new TextTokenizer(readFileSync(join(fixtures, 'models/clip-tiny/tokenizer.json')), 77);
  it.each(tiny.map(({ text, ids }) => [JSON.stringify(text.slice(0, 40)), text, ids] as const))(
    '%s',
    (_name, text, ids) => {
      expect(tokenizer.encode(text).ids).toEqual(ids);
    },
  );

  it('knows where the text ends', () => {
    const { ids, end } = tokenizer.encode('a photo of a cat');
    expect(end).toBe(ids.length - 1);
    expect(tokenizer.encode('a <|endoftext|> b').end).toBe(2);
  });
});

describe('the embedded tokenizer', () => {
  const tokenizer = new TextTokenizer(
    readFileSync(join(__dirname, '../../models/embedded/tokenizer.json')),
    32,
  );
  const { texts } = JSON.parse(readFileSync(join(fixtures, 'embeddedTokens.json'), 'utf8')) as {
    texts: Row[];
  };
  it.each(texts.map(({ text, ids }) => [JSON.stringify(text.slice(0, 40)), text, ids] as const))(
    '%s',
    (_name, text, ids) => {
      expect(tokenizer.encode(text).ids).toEqual(ids);
    },
  );
});
