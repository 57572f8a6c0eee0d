import { describe, expect, it } from 'vitest';
import {
  classes,
  classTexts,
  combinerOracle,
  dimension,
  head,
  model,
  objects,
  oracle,
  passesOf,
  perObject,
  width,
} from '../../test/fixtures/clipTiny';
import { largestDifference } from '../../test/fixtures/oracle';
import { backgroundTexts } from '../pipeline/backgroundText';
import { literalConfiguration } from '../pipeline/configuration';
import { scoreObject } from '../pipeline/scoreObject';
import { unitRows } from '../pipeline/vectors';
import { alignmentBatch } from './batches';
import { initialParameters, parameterShapes } from './combinerParameters';
import { readLinearHead } from './linearHead';
import { tuningExample, type ExampleSetting } from './tuningExample';
import { AlignmentSession } from './tuningStep';

const tap = (name: string): Float32Array => oracle.tensor(name).data;
const setting: ExampleSetting = {
  texts: {
    classes,
    dimension,
    classTexts,
    backgroundTexts: unitRows(
      backgroundTexts(
        {
          classes,
          dimension,
          embeddings: classTexts,
          interTextAttention: tap('text_w'),
          joinedPrompt: new Float32Array(dimension),
        },
        'interText',
      ),
      dimension,
    ),
  },
  textAttention: [
    {
      query: tap('text_q_eot'),
      key: tap('text_k_eot'),
      prompts: classes,
      headWidth: 8,
      scale: 1 / Math.sqrt(8),
    },
  ],
  configuration: literalConfiguration,
  readout: model.readout,
  grid: model.grid,
  trainsBackgroundText: false,
};
/** Classes of the other objects of each object's picture. */
const others = [[1], [0], [], [4], [3]];
const labels = [...tap('labels')];

describe('an object made ready for tuning, against PyTorch in float64', () => {
  it('has the weights of training: background text from the labels of the other objects', async () => {
    for (let object = 0; object < objects; object++) {
      const otherLabels = others[object].map((other) => labels[other]);
      const example = await tuningExample(passesOf(object), labels[object], otherLabels, setting);
      const { target, background } = example;
      expect(largestDifference(target.weights, perObject('a_x_training', object))).toBeLessThan(1e-6);
      expect(largestDifference(background!.weights, perObject('a_bg_training', object))).toBeLessThan(1e-5);
    }
  });

  it('scores with an untuned combiner as the method does without one', async () => {
    const shape = { width, bottleneck: 3, hidden: 4 };
    const linear = await readLinearHead(
      (rows) => Promise.resolve(head(rows)),
      width,
      passesOf(0).target.tokens,
    );
    const frozen = {
      shape,
      grid: model.grid,
      head: linear,
      tokenMap: null,
      pooledShare: 1,
      background: true,
      convolutions: true,
      trainedText: null,
    };
    const session = await AlignmentSession.open(frozen, objects, classes, { threads: 1 });
    const examples = await Promise.all(
      Array.from({ length: objects }, (_, object) => tuningExample(passesOf(object), 0, null, setting)),
    );
    const columns = [0, 1, 2, 3, 4];
    const batch = alignmentBatch(examples, columns, 1, {
      classes,
      unitTexts: classTexts,
      weightedTexts: null,
    });
    const omega = await session.omega(batch, initialParameters(parameterShapes(shape), 1));
    for (let object = 0; object < objects; object++) {
      const { classScores } = await scoreObject(passesOf(object), setting.texts, literalConfiguration, model);
      const row = omega.subarray(object * classes, (object + 1) * classes);
      expect(largestDifference(row, classScores)).toBeLessThan(5e-6);
    }
    await session.dispose();
  });
});

describe('the head read off its answers', () => {
  it('is that of its weights', async () => {
    const [projection, gain] = ['visual_projection.weight', 'post_layernorm.weight'].map(
      (name) => combinerOracle.tensor(name).data,
    );
    const { matrix } = await readLinearHead(
      (rows) => Promise.resolve(head(rows)),
      width,
      passesOf(0).target.tokens,
    );
    // Each row is known but for a constant.
    for (let row = 0; row < dimension; row++) {
      const expected = Array.from({ length: width }, (_, k) => projection[row * width + k] * gain[k]);
      const mean = expected.reduce((sum, value) => sum + value, 0) / width;
      const found = matrix.subarray(row * width, (row + 1) * width);
      expect(
        largestDifference(
          found,
          Float32Array.from(expected, (value) => value - mean),
        ),
      ).toBeLessThan(1e-5);
    }
  });

  it('refuses one of another form', async () => {
    const squared = (rows: Float32Array): Promise<Float32Array> =>
      Promise.resolve(head(rows).map((value) => value * value));
    await expect(readLinearHead(squared, width, passesOf(0).target.tokens)).rejects.toThrow(RangeError);
  });
});
