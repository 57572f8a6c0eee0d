import { seededRandom, shuffled } from '../pipeline/seededRandom';
import type { BranchBatch } from './branchTokens';
import type { AlignmentBatch } from './tuningStep';
import type { ExampleBranch, TuningExample } from './tuningExample';

/** Objects of a batch, and the classes they are scored against. */
export interface Batch {
  examples: TuningExample[];
  /** Class indices, the columns of the batch. */
  columns: number[];
}

/** Objects a step, about. */
const objectsAStep = 20;

/** Sizes of every batch of a run: the graph of a step has fixed shapes. */
export function batchSize(classesWithShots: number): { objects: number; classes: number } {
  const classes = Math.min(classesWithShots, objectsAStep);
  return { classes, objects: classes * Math.max(1, Math.round(objectsAStep / classes)) };
}

/** Batches without end: as many classes as fit, drawn anew each time, with the same number of objects each, all in turn. */
export function* batches(examples: readonly TuningExample[], seed: number): Generator<Batch> {
  const random = seededRandom(seed);
  const byClass = new Map<number, TuningExample[]>();
  for (const example of examples)
    byClass.set(example.label, [...(byClass.get(example.label) ?? []), example]);
  const decks = new Map<number, TuningExample[]>();
  const draw = (label: number): TuningExample => {
    const deck = decks.get(label) ?? [];
    if (deck.length === 0) deck.push(...shuffled(byClass.get(label)!, random));
    decks.set(label, deck);
    return deck.pop()!;
  };
  const size = batchSize(byClass.size);
  for (;;) {
    const columns = shuffled([...byClass.keys()], random).slice(0, size.classes);
    const each = size.objects / size.classes;
    yield { columns, examples: columns.flatMap((label) => Array.from({ length: each }, () => draw(label))) };
  }
}

/** Joins examples and columns as a session takes them. @param gain γ. @param unitTexts M(t_c), C × D. */
export function alignmentBatch(
  examples: readonly TuningExample[],
  columns: readonly number[],
  gain: number,
  unitTexts: Float32Array,
  classes: number,
): AlignmentBatch {
  const dimension = unitTexts.length / classes;
  const width = examples[0].base.length / classes;
  const base = new Float32Array(examples.length * columns.length * width);
  examples.forEach((example, row) =>
    columns.forEach((column, at) => {
      const to = (row * columns.length + at) * width;
      for (let k = 0; k < width; k++) {
        const from = column * width + k;
        base[to + k] = example.base[from] + gain * (example.backgroundBase?.[from] ?? 0);
      }
    }),
  );
  const texts = new Float32Array(columns.length * dimension);
  columns.forEach((column, at) =>
    texts.set(unitTexts.subarray(column * dimension, (column + 1) * dimension), at * dimension),
  );
  return {
    target: joinBranches(
      examples.map(({ target }) => target),
      columns,
      classes,
    ),
    background:
      gain > 0
        ? joinBranches(
            examples.map(({ target, background }) => background ?? nothingLike(target)),
            columns,
            classes,
          )
        : null,
    base,
    gain: Float32Array.from(examples, ({ background }) => (background ? gain : 0)),
    texts,
  };
}

function joinBranches(
  branches: readonly ExampleBranch[],
  columns: readonly number[],
  classes: number,
): BranchBatch {
  const [first] = branches;
  const count = first.weights.length / classes;
  const tokens = new Float32Array(branches.length * first.tokens.length);
  const weights = new Float32Array(branches.length * count * columns.length);
  branches.forEach((branch, row) => {
    tokens.set(branch.tokens, row * first.tokens.length);
    for (let token = 0; token < count; token++)
      columns.forEach((column, at) => {
        weights[(row * count + token) * columns.length + at] = branch.weights[token * classes + column];
      });
  });
  return { tokens, weights };
}

/** Stands where there is no background; its gain is zero. */
function nothingLike({ tokens, weights }: ExampleBranch): ExampleBranch {
  return { tokens: new Float32Array(tokens.length), weights: new Float32Array(weights.length) };
}
