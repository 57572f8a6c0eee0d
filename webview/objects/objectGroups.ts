import type { GroupKeys } from './groupKeys';

export const groupingNames = ['none', 'image', 'class', 'newName', 'likeness'] as const;
/** What the list is grouped by: nothing, the image, the best class, new names, what looks alike. */
export type GroupingName = (typeof groupingNames)[number];

/**
 * A list in groups. Groups come in the order of their first rows, save those that are last, and the rows of each as they
 * came. Positions are places among the rows in sight: a folded group has none.
 */
export class ObjectGroups {
  readonly count: number;
  /** All rows, group by group. */
  readonly rows: Uint32Array;
  /** Rows in sight: those of groups that are not folded. */
  readonly shown: Uint32Array;
  /** Position of the first row of each group; one that is folded begins where the next does. */
  readonly shownStarts: Uint32Array;
  readonly #keys: GroupKeys;
  readonly #keyOfGroup: number[] = [];
  readonly #groupOfKey: Int32Array;
  /** Place in `rows` of the first row of each group; one more for the end. */
  readonly #starts: Uint32Array;
  readonly #folded: ReadonlySet<string>;

  /**
   * @param rows in the order of the list.
   * @param folded names of groups of which only the head is shown.
   */
  constructor(keys: GroupKeys, rows: Uint32Array, folded: ReadonlySet<string>) {
    this.#keys = keys;
    this.#folded = folded;
    this.#groupOfKey = new Int32Array(keys.count).fill(-1);
    const sizeOfKey = new Uint32Array(keys.count);
    const add = (key: number): void => {
      this.#groupOfKey[key] = this.#keyOfGroup.length;
      this.#keyOfGroup.push(key);
    };
    const last = keys.last ?? [];
    for (const row of rows) {
      const key = keys.of(row);
      if (sizeOfKey[key]++ === 0 && !last.includes(key)) add(key);
    }
    for (const key of last) if (sizeOfKey[key] > 0) add(key);
    const sizes = this.#keyOfGroup.map((key) => sizeOfKey[key]);
    this.count = sizes.length;
    this.#starts = new Uint32Array(this.count + 1);
    sizes.forEach((size, group) => (this.#starts[group + 1] = this.#starts[group] + size));
    this.rows = new Uint32Array(rows.length);
    const next = this.#starts.slice();
    for (const row of rows) this.rows[next[this.groupOf(row)]++] = row;
    this.shownStarts = this.#shownStarts(sizes);
    this.shown = folded.size === 0 ? this.rows : this.#unfolded();
  }

  groupOf(row: number): number {
    return this.#groupOfKey[this.#keys.of(row)];
  }

  /** As its keys name it: the same in another list of the same scan. */
  name(group: number): string {
    return this.#keys.name(this.#keyOfGroup[group]);
  }

  rowsOf(group: number): Uint32Array {
    return this.rows.subarray(this.#starts[group], this.#starts[group + 1]);
  }

  isFolded(group: number): boolean {
    return this.#folded.has(this.name(group));
  }

  names(): string[] {
    return this.#keyOfGroup.map((key) => this.#keys.name(key));
  }

  #shownStarts(sizes: readonly number[]): Uint32Array {
    const starts = new Uint32Array(this.count);
    for (let group = 1; group < this.count; group++)
      starts[group] = starts[group - 1] + (this.isFolded(group - 1) ? 0 : sizes[group - 1]);
    return starts;
  }

  #unfolded(): Uint32Array {
    const shown = new Uint32Array(this.rows.length);
    let end = 0;
    for (let group = 0; group < this.count; group++) {
      if (this.isFolded(group)) continue;
      const rows = this.rowsOf(group);
      shown.set(rows, end);
      end += rows.length;
    }
    return shown.slice(0, end);
  }
}
