import { describe, expect, it } from 'vitest';
import { combinerResidual, withoutConvolutions } from '../pipeline/combiner';
import { seededRandom } from '../pipeline/seededRandom';
import { CombinerLibrary } from './combinerLibrary';
import { parameterShapes, trainedCombiner } from './combinerParameters';

const shape = { width: 20, bottleneck: 4, hidden: 6 };
const random = seededRandom(3);
const drawn = (length: number): Float32Array => Float32Array.from({ length }, () => random() - 0.5);
const combiner = trainedCombiner(
  new Map(
    [...parameterShapes(shape)].map(([name, sides]) => [name, drawn(sides.reduce((a, b) => a * b, 1))]),
  ),
);

describe('the residual by onnxruntime is the pipeline’s own', () => {
  it.each([
    { classes: 1, grid: [1, 1] as const },
    { classes: 5, grid: [3, 3] as const },
    { classes: 40, grid: [2, 4] as const },
  ])('$classes classes on a grid of $grid', async ({ classes, grid }) => {
    const library = new CombinerLibrary({ threads: 1 });
    const tokens = drawn((grid[0] * grid[1] + 1) * shape.width);
    const weights = drawn((grid[0] * grid[1] + 1) * classes);
    const asked = { classes, width: shape.width, grid };
    for (const branch of [combiner.target, withoutConvolutions(combiner).background]) {
      const expected = combinerResidual(branch, weights, tokens, asked);
      const actual = await library.residual(branch, weights, tokens, asked);
      actual.forEach((value, at) => expect(Math.abs(value - expected[at])).toBeLessThan(1e-5));
    }
    await library.dispose();
  });
});
