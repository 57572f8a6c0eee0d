import { describe, expect, it } from 'vitest';
import {
  classes,
  classTexts,
  dimension,
  head,
  model,
  objects,
  oracle,
  passesOf,
  width,
} from '../../test/fixtures/clipTiny';
import { largestDifference } from '../../test/fixtures/oracle';
import { backgroundTexts } from '../pipeline/backgroundText';
import { literalConfiguration } from '../pipeline/configuration';
import { scoreObject } from '../pipeline/scoreObject';
import { seededRandom } from '../pipeline/seededRandom';
import { unitRows } from '../pipeline/vectors';
import { modelParameters, type FrozenModel } from './alignmentNetwork';
import { backgroundTextShapes, backgroundTextsOf } from './backgroundTextNetwork';
import { alignmentBatch } from './batches';
import { initialParameters, type CombinerParameters } from './combinerParameters';
import { contrastiveTargets } from './contrastiveLoss';
import { readLinearHead } from './linearHead';
import { tuningExample } from './tuningExample';
import { AlignmentSession, TuningStep, type AlignmentBatch } from './tuningStep';

const options = { threads: 1 };
const taps = {
  classes,
  dimension,
  embeddings: classTexts,
  interTextAttention: oracle.tensor('text_w').data,
  joinedPrompt: new Float32Array(dimension),
};
const weightedTexts = unitRows(backgroundTexts(taps, 'interText'), dimension);
const texts = { classes, dimension, classTexts, backgroundTexts: weightedTexts };

async function frozenModel(): Promise<FrozenModel> {
  const project = (rows: Float32Array): Promise<Float32Array> => Promise.resolve(head(rows));
  return {
    shape: { width, bottleneck: 3, hidden: 4 },
    grid: model.grid,
    head: await readLinearHead(project, width, passesOf(0).target.tokens),
    tokenMap: null,
    pooledShare: 1,
    background: true,
    convolutions: true,
    trainedText: { meanBackground: null },
  };
}

async function everyObject(): Promise<AlignmentBatch> {
  const setting = {
    texts,
    textAttention: [],
    configuration: literalConfiguration,
    readout: model.readout,
    grid: model.grid,
    trainsBackgroundText: true,
  };
  const examples = await Promise.all(
    Array.from({ length: objects }, (_, object) => tuningExample(passesOf(object), object, [], setting)),
  );
  const columns = Array.from({ length: classes }, (_, c) => c);
  return alignmentBatch(examples, columns, 1, { classes, unitTexts: classTexts, weightedTexts });
}

/** Parameters at their start, with a network that changes the texts by much. */
function drawnParameters(frozen: FrozenModel): CombinerParameters {
  const parameters = initialParameters(modelParameters(frozen), 3);
  const random = seededRandom(7);
  for (const name of backgroundTextShapes(dimension).keys())
    parameters.get(name)!.forEach((_, at, values) => (values[at] = random() - 0.5));
  return parameters;
}

/** unit(M̃ + W2 relu(W1 [M, M̃] + b1) + b2), in float64. */
function textsByHand(parameters: CombinerParameters): Float32Array {
  const [w1, b1, w2, b2] = [...backgroundTextShapes(dimension).keys()].map((name) => parameters.get(name)!);
  const rows = new Float32Array(classes * dimension);
  for (let c = 0; c < classes; c++) {
    const own = (matrix: Float32Array): number[] => [...matrix.subarray(c * dimension, (c + 1) * dimension)];
    const both = [...own(classTexts), ...own(weightedTexts)];
    const hidden = [...b1].map((bias, h) =>
      Math.max(
        0,
        both.reduce((sum, value, k) => sum + value * w1[h * both.length + k], bias),
      ),
    );
    for (let k = 0; k < dimension; k++)
      rows[c * dimension + k] =
        weightedTexts[c * dimension + k] +
        hidden.reduce((sum, value, h) => sum + value * w2[k * hidden.length + h], b2[k]);
  }
  return unitRows(rows, dimension);
}

async function omegaOf(parameters: CombinerParameters): Promise<Float32Array> {
  const session = await AlignmentSession.open(await frozenModel(), objects, classes, options);
  try {
    return await session.omega(await everyObject(), parameters);
  } finally {
    await session.dispose();
  }
}

describe('a background text that is trained', () => {
  it('is inter-text attention at the start', async () => {
    const omega = await omegaOf(initialParameters(modelParameters(await frozenModel()), 1));
    for (let object = 0; object < objects; object++) {
      const { classScores } = await scoreObject(passesOf(object), texts, literalConfiguration, model);
      const row = omega.subarray(object * classes, (object + 1) * classes);
      expect(largestDifference(row, classScores)).toBeLessThan(5e-6);
    }
  });

  it('scores in training as at inference', async () => {
    const parameters = drawnParameters(await frozenModel());
    const learned = await backgroundTextsOf(parameters, classTexts, weightedTexts, classes, options);
    expect(largestDifference(learned, textsByHand(parameters))).toBeLessThan(1e-6);
    const omega = await omegaOf(parameters);
    const trained = { ...texts, backgroundTexts: learned };
    let moved = 0;
    for (let object = 0; object < objects; object++) {
      const passes = passesOf(object);
      const { classScores } = await scoreObject(passes, trained, literalConfiguration, model);
      const before = await scoreObject(passes, texts, literalConfiguration, model);
      const row = omega.subarray(object * classes, (object + 1) * classes);
      expect(largestDifference(row, classScores)).toBeLessThan(5e-6);
      moved = Math.max(moved, largestDifference(before.classScores, classScores));
    }
    expect(moved).toBeGreaterThan(1e-3);
  });

  it('has the gradient of differences', async () => {
    const frozen = await frozenModel();
    const batch = await everyObject();
    const step = await TuningStep.open(frozen, objects, classes, 100, options);
    const targets = contrastiveTargets([0, 1, 2, 3, 4], classes);
    const parameters = drawnParameters(frozen);
    const { gradients } = await step.run(batch, targets, parameters);
    for (const name of backgroundTextShapes(dimension).keys()) {
      const values = parameters.get(name)!;
      const gradient = gradients.get(name)!;
      const length = Math.hypot(...gradient);
      expect(length, name).toBeGreaterThan(0);
      // Along the gradient itself the loss changes by its length.
      const stride = 0.01;
      const lossAt = async (sign: number): Promise<number> => {
        const shifted = values.map((value, at) => value + (sign * stride * gradient[at]) / length);
        const { loss } = await step.run(batch, targets, new Map(parameters).set(name, shifted));
        return loss;
      };
      const slope = ((await lossAt(1)) - (await lossAt(-1))) / (2 * stride);
      expect(Math.abs(slope / length - 1), name).toBeLessThan(0.02);
    }
    await step.dispose();
  });
});
