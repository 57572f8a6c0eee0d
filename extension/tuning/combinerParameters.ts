import type { CombinerBranch, TrainedCombiner } from '../pipeline/combiner';
import { seededRandom } from '../pipeline/seededRandom';

/** Sizes of a combiner, the same for both branches. */
export interface CombinerShape {
  /** Dv. */
  width: number;
  /** Channels of the CNN. */
  bottleneck: number;
  /** Width of the MLP's hidden layer. */
  hidden: number;
}

export const branchNames = ['target', 'background'] as const;
export type BranchName = (typeof branchNames)[number];

/** Tensors of a branch by name, in PyTorch's layout, with their shapes. */
export function branchTensors({ width, bottleneck, hidden }: CombinerShape): Map<string, number[]> {
  const kernel = [bottleneck, bottleneck, 3, 3];
  return new Map([
    ['conv1.weight', [bottleneck, width, 3, 3]],
    ['conv1.bias', [bottleneck]],
    ['conv2.weight', kernel],
    ['conv2.bias', [bottleneck]],
    ['conv3.weight', kernel],
    ['conv3.bias', [bottleneck]],
    ['mlp1.weight', [hidden, bottleneck + width]],
    ['mlp1.bias', [hidden]],
    ['mlp2.weight', [width, hidden]],
    ['mlp2.bias', [width]],
  ]);
}

/** All parameters of a combiner, by `branch.tensor`. */
export type CombinerParameters = Map<string, Float32Array>;

/** The shapes of all parameters, in their fixed order. */
export function parameterShapes(shape: CombinerShape): Map<string, number[]> {
  return new Map(
    branchNames.flatMap((branch) =>
      [...branchTensors(shape)].map(([tensor, sides]) => [`${branch}.${tensor}`, sides] as const),
    ),
  );
}

/**
 * Where tuning begins: weights drawn with He's spread, biases zero, and the last layer zero, so that the combiner adds
 * nothing and the method is its training-free form exactly.
 */
export function initialParameters(
  shapes: ReadonlyMap<string, readonly number[]>,
  seed: number,
): CombinerParameters {
  const random = seededRandom(seed);
  return new Map(
    [...shapes].map(([name, sides]) => {
      const values = new Float32Array(sides.reduce((product, side) => product * side, 1));
      if (sides.length > 1 && !name.endsWith('mlp2.weight')) {
        const fanIn = sides.slice(1).reduce((product, side) => product * side, 1);
        const spread = Math.sqrt(2 / fanIn);
        for (let at = 0; at < values.length; at++) values[at] = spread * normal(random);
      }
      return [name, values];
    }),
  );
}

/** Parameters that begin as a combiner is, where they are of it, and else as given. */
export function startingFrom(
  { target, background }: TrainedCombiner,
  parameters: CombinerParameters,
): CombinerParameters {
  const known = new Map<string, Float32Array>();
  for (const [branch, tensors] of [
    ['target', tensorsOfBranch(target)],
    ['background', tensorsOfBranch(background)],
  ] as const)
    for (const [tensor, values] of tensors) known.set(`${branch}.${tensor}`, values);
  return new Map([...parameters].map(([name, values]) => [name, known.get(name)?.slice() ?? values]));
}

/** The sizes of a combiner. */
export function shapeOf({ target }: TrainedCombiner): CombinerShape {
  return {
    width: target.outputBias.length,
    bottleneck: target.convolutions[0].bias.length,
    hidden: target.hiddenBias.length,
  };
}

/** The parameters as the pipeline takes them. */
export function trainedCombiner(parameters: CombinerParameters): TrainedCombiner {
  const branch = (name: BranchName): CombinerBranch => {
    const tensor = (part: string): Float32Array => parameters.get(`${name}.${part}`)!;
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
  };
  return { target: branch('target'), background: branch('background') };
}

/** A branch's tensors by name: the inverse of `trainedCombiner`. */
export function tensorsOfBranch(branch: CombinerBranch): Map<string, Float32Array> {
  return new Map([
    ...branch.convolutions.flatMap(({ weight, bias }, layer): [string, Float32Array][] => [
      [`conv${layer + 1}.weight`, weight],
      [`conv${layer + 1}.bias`, bias],
    ]),
    ['mlp1.weight', branch.hiddenWeight],
    ['mlp1.bias', branch.hiddenBias],
    ['mlp2.weight', branch.outputWeight],
    ['mlp2.bias', branch.outputBias],
  ]);
}

/** Standard normal (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
