import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { withFixedBatch } from '../../test/fixtures/fixedBatch';
import { largestDifference, readOracle } from '../../test/fixtures/oracle';
import { interTextAttention } from '../pipeline/interTextAttention';
import { unitRows } from '../pipeline/vectors';
import { TextTower } from './textTower';
import { TextTokenizer } from './tokenizer';

const models = join(__dirname, '../../test/fixtures/models');
const oracle = readOracle('clip-tiny');
const prompts = oracle.document.prompts as string[];
const names = prompts.map((prompt) => prompt.replace('a photo of a ', ''));
const opened: TextTower[] = [];
afterEach(async () => {
  for (const tower of opened.splice(0)) await tower.dispose();
});

/** @param file of the fixtures; with ` × n` behind it, as an export that takes n texts a run. */
async function open(file: string): Promise<TextTower> {
  const tokenizer = new TextTokenizer(readFileSync(join(models, 'clip-tiny/tokenizer.json')), 77);
  const [path, batch] = file.split(' × ');
  const bytes = readFileSync(join(models, path));
  const model = batch ? withFixedBatch(bytes, Number(batch)) : bytes;
  const tower = await TextTower.load(model, tokenizer, 64, { threads: 1 });
  opened.push(tower);
  return tower;
}

describe('text towers from every exporter, against a float64 reference', () => {
  const fp32 = { embedding: 2e-6, attention: 1e-6 };
  const fp16 = { embedding: 2e-3, attention: 1e-3 };
  const int8 = { embedding: 0.1, attention: 0.03 };
  it.each([
    ['clip-tiny/onnx/text_model.onnx', fp32],
    ['clip-tiny/onnx/model.onnx', fp32],
    ['variants/slim/text_model.onnx', fp32],
    ['variants/eager/text_model.onnx', fp32],
    ['variants/sdpa/text_model.onnx', fp32],
    ['variants/dynamo18/text_model.onnx', fp32],
    ['variants/dynamo23/text_model.onnx', fp32],
    ['variants/combined17/model.onnx', fp32],
    ['clip-tiny/onnx/text_model.onnx × 1', fp32],
    ['variants/dynamo18/text_model.onnx × 5', fp32],
    ['variants/combined17/model.onnx × 2', fp32],
    ['clip-tiny/onnx/text_model_fp16.onnx', fp16],
    ['clip-tiny/onnx/text_model_quantized.onnx', int8],
    ['variants/int8-qk/text_model.onnx', int8],
  ])('%s', async (file, tolerance) => {
    const texts = await (await open(file)).classTexts(names, ['a photo of a {}']);
    const expected = unitRows(oracle.tensor('text_embed').data, texts.dimension);
    expect(largestDifference(texts.embeddings, expected)).toBeLessThan(tolerance.embedding);
    expect(largestDifference(texts.interTextAttention, oracle.tensor('text_w').data)).toBeLessThan(
      tolerance.attention,
    );
  });

  it.each(['clip-tiny/onnx/text_model_quantized.onnx', 'clip-tiny/onnx/text_model_quantized.onnx × 3'])(
    'gives a class the same numbers whatever other classes there are: %s',
    async (file) => {
      const tower = await open(file);
      const alone = await tower.classTexts(names.slice(0, 1), ['a photo of a {}']);
      const among = await tower.classTexts(names, ['a photo of a {}']);
      expect(alone.embeddings).toEqual(among.embeddings.subarray(0, alone.dimension));
    },
  );

  it('reads the full vocabulary of CLIP', async () => {
    const full = readOracle('fullvocab');
    const ids = full.tensor('input_ids').data;
    const end = 49407;
    const texts = Array.from({ length: 10 }, (_, row) => {
      const padded = Array.from(ids.subarray(row * 77, (row + 1) * 77));
      return { ids: padded, end: padded.indexOf(end) };
    });
    const tower = await open('clip-tiny-fullvocab/onnx/text_model.onnx');
    const encoded = await tower.encodeTokens(texts);
    const embeddings = unitRows(full.tensor('text_embed').data, 24);
    expect(largestDifference(unitRows(encoded.embeddings, 24), embeddings)).toBeLessThan(2e-6);
    const table = interTextAttention({ ...encoded, prompts: 10 });
    expect(largestDifference(table, full.tensor('text_w').data)).toBeLessThan(1e-6);
  });

  it('averages prompt templates at unit length', async () => {
    const tower = await open('clip-tiny/onnx/text_model.onnx');
    const first = await tower.classTexts(names, ['a photo of a {}']);
    const second = await tower.classTexts(names, ['{}']);
    const both = await tower.classTexts(names, ['a photo of a {}', '{}']);
    const mean = first.embeddings.map((value, at) => (value + second.embeddings[at]) / 2);
    expect(largestDifference(both.embeddings, unitRows(mean, first.dimension))).toBeLessThan(1e-6);
  });

  it('averages the names of a class, and leaves attention to the own ones', async () => {
    const tower = await open('clip-tiny/onnx/text_model.onnx');
    const alone = await tower.classTexts(['cat', 'dog'], ['a photo of a {}', '{}']);
    const other = await tower.classTexts(['kitten', 'puss'], ['a photo of a {}', '{}']);
    const both = await tower.classTexts(['cat', 'dog'], ['a photo of a {}', '{}'], {
      cat: ['kitten', 'puss', 'cat'],
    });
    const mean = async (words: string[]): Promise<Float32Array> => {
      const prompts = words.flatMap((word) => [`a photo of a ${word}`, word]);
      const { embeddings, dimension } = await tower.encode(prompts);
      const unit = unitRows(embeddings, dimension);
      return unitRows(
        Float32Array.from({ length: dimension }, (_, at) =>
          prompts.reduce((sum, _prompt, row) => sum + unit[row * dimension + at], 0),
        ),
        dimension,
      );
    };
    const { dimension } = both;
    expect(
      largestDifference(both.embeddings.subarray(0, dimension), await mean(['cat', 'kitten', 'puss'])),
    ).toBeLessThan(1e-6);
    expect(largestDifference(both.embeddings.subarray(dimension), await mean(['dog']))).toBeLessThan(1e-6);
    expect(largestDifference(both.interTextAttention, alone.interTextAttention)).toBeLessThan(1e-6);
    expect(largestDifference(both.joinedPrompt, alone.joinedPrompt)).toBeLessThan(1e-6);
    expect(largestDifference(other.interTextAttention, alone.interTextAttention)).toBeGreaterThan(1e-4);
  });

  it('keeps dollar signs in class names', async () => {
    const tower = await open('clip-tiny/onnx/text_model.onnx');
    const [named, plain] = [
      await tower.classTexts(['cash $& dollar'], ['a {}']),
      await tower.encode(['a cash $& dollar']),
    ];
    expect(largestDifference(named.embeddings, unitRows(plain.embeddings, plain.dimension))).toBeLessThan(
      1e-6,
    );
  });

  it('refuses fused attention by its name', async () => {
    await expect(open('variants/fused/text_model.onnx')).rejects.toThrow('com.microsoft::Attention');
  });
});
