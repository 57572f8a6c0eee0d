import type { ComparedTable } from './comparedTable';
import { methodDisagreement } from './methodDisagreement';
import type { ObjectTable } from './objectTable';
import type { ScoreIndex } from './scoreIndex';
import { floatKeys, noValueKey, sortedByKey } from './sortedByKey';

export const orderNames = [
  'score',
  'nearest',
  'methods',
  'file',
  'class',
  'size',
  'detector',
  'disagreement',
  'moved',
] as const;
/**
 * What the list is sorted by: the score, how near it is to δ, how far the other methods rank the object elsewhere, the
 * file's path, the best class, the area of the box, the detector's score, how far the scores speak against the dataset's
 * label, how far it moved against the scan that is compared.
 */
export type OrderName = (typeof orderNames)[number];

export interface ObjectOrder {
  readonly by: OrderName;
  readonly descending: boolean;
}

export const lowestScoreFirst: ObjectOrder = { by: 'score', descending: false };

/** What an order is made of. */
export interface Ordered {
  readonly table: ObjectTable;
  /** Of all rows that are ordered. */
  readonly index: ScoreIndex;
  readonly classes: readonly string[];
  /** δ, that of all classes where each has one of its own. */
  readonly threshold: number;
  /** Null: the scan is not compared with another, so that nothing moved. */
  readonly compared: ComparedTable | null;
}

/**
 * Rows in an order. Among equals the lowest score comes first, whichever way the order runs; an object without the value
 * asked for (NaN) comes last.
 * @param rows lowest score first.
 */
export function inOrder(rows: Uint32Array, ordered: Ordered, { by, descending }: ObjectOrder): Uint32Array {
  if (by === 'score') return descending ? rows.slice().reverse() : rows;
  const keyOf = keysOf[by](ordered);
  const backwards = (row: number): number => {
    const key = keyOf(row);
    return key === noValueKey ? key : noValueKey - 1 - key;
  };
  return sortedByKey(rows, descending ? backwards : keyOf);
}

/** Position of every row of a table in a list; −1 for those that are not listed. */
export function positionsOf(rows: Uint32Array, tableLength: number): Int32Array {
  const positions = new Int32Array(tableLength).fill(-1);
  for (let position = 0; position < rows.length; position++) positions[rows[position]] = position;
  return positions;
}

type KeyOf = (row: number) => number;

const keysOf: Record<Exclude<OrderName, 'score'>, (ordered: Ordered) => KeyOf> = {
  nearest: ({ index, threshold }) =>
    keyOfColumn(index.levelled.map((score) => Math.abs(score - threshold)).subarray(0, index.count)),
  methods: ({ index }) => keyOfColumn(methodDisagreement(index)),
  file: ({ table }) => {
    const ranks = ranksOf(table.files);
    return (row) => ranks[table.fileIndex[row]];
  },
  class: ({ table, classes }) => {
    const ranks = ranksOf(classes.map((name) => name.toLowerCase()));
    return (row) => ranks[table.predictedClass[row]] ?? noValueKey;
  },
  size: ({ table: { boxArea, count } }) => keyOfColumn(boxArea.subarray(0, count)),
  detector: ({ table: { detectionScore, count } }) => keyOfColumn(detectionScore.subarray(0, count)),
  disagreement: ({ table: { disagreement, count } }) => keyOfColumn(disagreement.subarray(0, count)),
  moved: ({ compared }) => (compared ? keyOfColumn(compared.distance) : () => noValueKey),
};

function keyOfColumn(column: Float32Array): KeyOf {
  const keys = floatKeys(column);
  return (row) => keys[row] ?? noValueKey;
}

/** Place of each name among all, by code units: a comparison in a language's own order takes ten times as long. */
function ranksOf(names: readonly string[]): Uint32Array {
  const places = new Map<string, number>();
  for (const name of [...names].sort()) places.set(name, places.size);
  return Uint32Array.from(names, (name) => places.get(name) ?? 0);
}
