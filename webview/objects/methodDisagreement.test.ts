import { expect, it } from 'vitest';
import { encodeColumn } from '../../extension/protocol/columns';
import { chunkOf } from './chunk.fixture';
import { methodDisagreement } from './methodDisagreement';
import { ObjectTable } from './objectTable';
import { ScoreIndex } from './scoreIndex';

const floats = (...values: number[]): string => encodeColumn(Float32Array.from(values));

it('is the distance between the rank of an object and the mean of its ranks by the other methods', () => {
  const table = new ObjectTable();
  table.append(
    chunkOf([0.1, 0.2, 0.3, 0.4], 0, {
      mcm: floats(4, 1, 2, 3), // ranks 3 0 1 2
      maxCosine: floats(1, 2, 3, 4), // 0 1 2 3
      glMcm: floats(5, 5, 1, 9), // equals share the lower: 1 1 0 3
      runa: floats(0, 1, 2, 3), // 0 1 2 3
    }),
  );
  // Own ranks are 0 1 2 3; means of the others are 1, .75, 1.25, 2.75, of four objects.
  const disagreement = methodDisagreement(new ScoreIndex(table));
  expect([...disagreement]).toEqual([1 / 4, 0.25 / 4, 0.75 / 4, 0.25 / 4]);
});

it('is none where all rank alike, and of no objects nothing', () => {
  const table = new ObjectTable();
  expect(methodDisagreement(new ScoreIndex(table)).length).toBe(0);
  table.append(chunkOf([0.3, 0.1, 0.2]));
  expect([...methodDisagreement(new ScoreIndex(table))]).toEqual([0, 0, 0]);
});
