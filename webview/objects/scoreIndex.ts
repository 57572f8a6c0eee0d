import { baselineNames, type BaselineName, type ObjectTable } from './objectTable';
import { floatKeys, sortedByKey } from './sortedByKey';

/**
 * The first `count` rows of a table in order of their score, lowest first; ties in the order they were scanned. Scores are
 * levelled: less the offset of their predicted class where one δ a class is chosen, so that the common δ parts flagged from
 * kept. A snapshot: rows that are added later are not in it.
 */
export class ScoreIndex {
  readonly count: number;
  /** Levelled scores by row. */
  readonly levelled: Float32Array;
  /** Row numbers, lowest score first. */
  readonly rows: Uint32Array;
  /** Levelled scores in that order. */
  readonly scores: Float32Array;
  readonly #baselines: Record<BaselineName, Float32Array>;
  readonly #sorted = new Map<BaselineName, Float32Array>();

  /** @param offsets of each class of the list, empty where all classes have the same δ. */
  constructor(table: ObjectTable, offsets: Float64Array = new Float64Array()) {
    this.count = table.count;
    const scores = table.score.subarray(0, table.count);
    this.levelled =
      offsets.length === 0
        ? scores
        : scores.map((score, row) => score - (offsets[table.predictedClass[row]] ?? 0));
    const keys = floatKeys(this.levelled);
    this.rows = sortedByKey(Uint32Array.from(keys.keys()), (row) => keys[row]);
    this.scores = new Float32Array(table.count);
    for (let position = 0; position < table.count; position++)
      this.scores[position] = this.levelled[this.rows[position]];
    this.#baselines = { ...table.baselines };
  }

  /** How many objects are flagged at δ. */
  flagged(threshold: number): number {
    return countBelow(this.scores, threshold);
  }

  /** Which of the other methods, in order, would flag a row if each flagged as many objects as are flagged now. */
  agreement(row: number, flagged: number): boolean[] {
    return baselineNames.map((name) => {
      const sorted = this.#sortedBaseline(name);
      if (flagged >= sorted.length) return true;
      return this.#baselines[name][row] < sorted[flagged];
    });
  }

  /** The share of objects in [0, 1] that a method scores below a value; counted, since to sort takes fifty times as long. */
  rankOf(name: BaselineName, value: number): number {
    const limit = Math.fround(value);
    const values = this.#baselines[name];
    let below = 0;
    for (let row = 0; row < this.count; row++) if (values[row] < limit) below++;
    return this.count === 0 ? 0 : below / this.count;
  }

  /** By row, how many objects a method scores below it: UNI-OOD, by levelled scores, or another. */
  ranks(name: BaselineName | 'score'): Uint32Array {
    const values = name === 'score' ? this.levelled : this.#baselines[name].subarray(0, this.count);
    const keys = floatKeys(values);
    const rows = name === 'score' ? this.rows : sortedByKey(this.rows, (row) => keys[row]);
    const ranks = new Uint32Array(this.count);
    for (let place = 1; place < rows.length; place++) {
      const isEqual = keys[rows[place]] === keys[rows[place - 1]];
      ranks[rows[place]] = isEqual ? ranks[rows[place - 1]] : place;
    }
    return ranks;
  }

  #sortedBaseline(name: BaselineName): Float32Array {
    const known = this.#sorted.get(name);
    if (known) return known;
    const sorted = this.#baselines[name].slice(0, this.count).sort();
    this.#sorted.set(name, sorted);
    return sorted;
  }
}

/** How many of the ascending `values` lie below `limit`, by binary search; compared as 32-bit floats. */
export function countBelow(values: ArrayLike<number>, limit: number): number {
  const bound = Math.fround(limit);
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The value below which `share` of the ascending `values` lie; NaN when there are none. */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) return NaN;
  const place = share * (values.length - 1);
  const below = Math.floor(place);
  const above = Math.min(values.length - 1, below + 1);
  return values[below] + (place - below) * (values[above] - values[below]);
}
