import { describe, expect, it } from 'vitest';
import { readOracle } from '../../test/fixtures/oracle';
import { pooledTokens } from '../pipeline/tokenWeights';
import { unitRows } from '../pipeline/vectors';
import { AdamW } from './adamW';
import { parameterShapes, type CombinerParameters } from './combinerParameters';
import { contrastiveTargets } from './contrastiveLoss';
import { AlignmentSession, TuningStep, type AlignmentBatch } from './tuningStep';

const oracle = readOracle('combiner');
const [objects, classes, width, dimension] = [5, 5, 48, 24];
const shape = { width, bottleneck: 8, hidden: 16 };
const options = { threads: 1 };
const data = (name: string): Float32Array => oracle.tensor(name).data;

/** The head of the fixture: post-layernorm with its affine part, and the projection without offset. */
function fixtureHead() {
  const [projection, gain, bias] = [
    'visual_projection.weight',
    'post_layernorm.weight',
    'post_layernorm.bias',
  ].map(data);
  const matrix = projection.map((value, at) => value * gain[at % width]);
  const offset = Float32Array.from({ length: dimension }, (_, d) =>
    bias.reduce((sum, value, k) => sum + value * projection[d * width + k], 0),
  );
  return { matrix, offset, dimension, epsilon: 1e-5 };
}

const model = {
  shape,
  grid: [4, 4] as const,
  head: fixtureHead(),
  tokenMap: null,
  pooledShare: 1,
  background: true,
  convolutions: true,
  trainedText: null,
};

function fixtureBatch(): AlignmentBatch {
  const base = new Float32Array(objects * classes * width);
  for (const branch of ['target', 'background'])
    for (let object = 0; object < objects; object++) {
      const part = (name: string): Float32Array => {
        const all = data(name);
        return all.slice((object * all.length) / objects, ((object + 1) * all.length) / objects);
      };
      const pooled = pooledTokens(part(`a_${branch}`), part(`z_${branch}`), classes, width);
      pooled.forEach((value, at) => (base[object * classes * width + at] += value));
    }
  return {
    target: { tokens: data('z_target'), weights: data('a_target') },
    background: { tokens: data('z_background'), weights: data('a_background') },
    backgroundText: null,
    base,
    gain: new Float32Array(objects).fill(1),
    texts: unitRows(data('text_embed'), dimension),
  };
}

function parametersAt(stage: 'init' | 'after'): CombinerParameters {
  return new Map([...parameterShapes(shape).keys()].map((name) => [name, data(`${stage}/${name}`)]));
}

const targets = contrastiveTargets([...data('labels')], classes);

function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return actual.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at])), 0) / largest;
}

describe('a tuning step against PyTorch in float64', () => {
  it('Ω of the trained combiner', async () => {
    const session = await AlignmentSession.open(model, objects, classes, options);
    const omega = await session.omega(fixtureBatch(), parametersAt('init'));
    omega.forEach((value, at) => expect(Math.abs(value - data('omega')[at])).toBeLessThan(1e-5));
    await session.dispose();
  });

  it('loss, every gradient, and the parameters after three steps of AdamW', async () => {
    const step = await TuningStep.open(model, objects, classes, 100, options);
    const optimiser = new AdamW({
      learningRate: 1e-3,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      weightDecay: 1e-2,
    });
    const parameters = parametersAt('init');
    const losses = data('losses');
    for (let at = 0; at < 3; at++) {
      const { loss, gradients } = await step.run(fixtureBatch(), targets, parameters);
      expect(Math.abs(loss / losses[at] - 1)).toBeLessThan(1e-5);
      if (at === 0)
        for (const [name, gradient] of gradients)
          expect(relativeDifference(gradient, data(`grad/${name}`)), name).toBeLessThan(1e-4);
      optimiser.step(parameters, gradients);
    }
    for (const [name, values] of parameters)
      values.forEach((value, at) =>
        expect(Math.abs(value - data(`after/${name}`)[at]), name).toBeLessThan(1e-4),
      );
    const { loss } = await step.run(fixtureBatch(), targets, parameters);
    expect(Math.abs(loss / losses[3] - 1)).toBeLessThan(1e-5);
    await step.dispose();
  });
});
