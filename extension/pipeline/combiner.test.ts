import { describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../test/fixtures/oracle';
import { addsNothing, combinerResidual, type CombinerBranch } from './combiner';
import { pooledTokens } from './tokenWeights';

const oracle = readOracle('combiner');
const width = 48;
const classes = 5;
const grid = [4, 4] as const;

function branch(name: 'target' | 'background', stage: 'init' | 'after'): CombinerBranch {
  const tensor = (part: string): Float32Array => oracle.tensor(`${stage}/${name}.${part}`).data;
  const convolution = (layer: number) => ({
    weight: tensor(`conv${layer}.weight`),
    bias: tensor(`conv${layer}.bias`),
  });
  return {
    convolutions: [convolution(1), convolution(2), convolution(3)],
    hiddenWeight: tensor('mlp1.weight'),
    hiddenBias: tensor('mlp1.bias'),
    outputWeight: tensor('mlp2.weight'),
    outputBias: tensor('mlp2.bias'),
  };
}

function pooledWithCombiner(
  name: 'target' | 'background',
  parameters: CombinerBranch,
  object: number,
): Float32Array {
  const slice = (tensor: string): Float32Array => {
    const { data } = oracle.tensor(tensor);
    return data.slice((object * data.length) / 5, ((object + 1) * data.length) / 5);
  };
  const weights = slice(`a_${name}`);
  const tokens = slice(`z_${name}`);
  const pooled = pooledTokens(weights, tokens, classes, width);
  const residual = combinerResidual(parameters, weights, tokens, { classes, width, grid });
  return pooled.map((value, at) => value + residual[at]);
}

describe('the trained combiner against PyTorch in float64', () => {
  it.each([
    ['target', 'z_x'],
    ['background', 'z_bg'],
  ] as const)('%s branch', (name, expected) => {
    const { data } = oracle.tensor(expected);
    for (let object = 0; object < 5; object++) {
      const pooled = pooledWithCombiner(name, branch(name, 'init'), object);
      expect(
        largestDifference(pooled, data.slice(object * classes * width, (object + 1) * classes * width)),
      ).toBeLessThan(1e-5);
    }
  });

  it('with a zero last layer is the weighted pooling exactly', () => {
    const parameters = branch('target', 'after');
    parameters.outputWeight = new Float32Array(parameters.outputWeight.length);
    parameters.outputBias = new Float32Array(width);
    const weights = oracle.tensor('a_target').data.slice(0, 17 * classes);
    const tokens = oracle.tensor('z_target').data.slice(0, 17 * width);
    const residual = combinerResidual(parameters, weights, tokens, { classes, width, grid });
    expect(residual.every((value) => value === 0)).toBe(true);
    expect(addsNothing(parameters)).toBe(true);
    expect(addsNothing(branch('target', 'after'))).toBe(false);
    parameters.outputBias[3] = 1e-6;
    expect(addsNothing(parameters)).toBe(false);
  });
});
