import { seededRandom, shuffled } from '../pipeline/seededRandom';
import type { BackgroundTextBatch } from './backgroundTextNetwork';
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

/** Texts of a class list at unit length. */
export interface BatchTexts {
  classes: number;
  /** M(t_c), C × D. */
  unitTexts: Float32Array;
  /** M̃(c), C × D, where a network that changes it is trained; else null. */
  weightedTexts: Float32Array | null;
}

/** Joins examples and columns as a session takes them. @param gain γ. */
export function alignmentBatch(
  examples: readonly TuningExample[],
  columns: readonly number[],
  gain: number,
  { classes, unitTexts, weightedTexts }: BatchTexts,
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
  const chosen = (texts: Float32Array): Float32Array => rowsOf(texts, columns, dimension);
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
    texts: chosen(unitTexts),
    backgroundText:
      weightedTexts &&
      alignedBackgrounds(examples, chosen(weightedTexts), examples[0].target.weights.length / classes),
  };
}

function rowsOf(matrix: Float32Array, rows: readonly number[], width: number): Float32Array {
  const chosen = new Float32Array(rows.length * width);
  rows.forEach((row, at) => chosen.set(matrix.subarray(row * width, (row + 1) * width), at * width));
  return chosen;
}

function alignedBackgrounds(
  examples: readonly TuningExample[],
  weightedTexts: Float32Array,
  count: number,
): BackgroundTextBatch {
  const tokensLength = examples.find(({ aligning }) => aligning)?.aligning?.unitTokens.length ?? 0;
  const unitTokens = new Float32Array(examples.length * tokensLength);
  // Where there is no background its gain is zero, but its weights must be numbers.
  const attention = new Float32Array(examples.length * count).fill(1);
  const aligned = new Float32Array(examples.length);
  examples.forEach(({ aligning }, row) => {
    if (!aligning) return;
    unitTokens.set(aligning.unitTokens, row * tokensLength);
    attention.set(aligning.attention, row * count);
    aligned[row] = aligning.isAligned ? 1 : 0;
  });
  return { unitTokens, attention, aligned, weightedTexts };
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
