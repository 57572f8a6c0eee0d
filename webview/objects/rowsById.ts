/** So many lookups search the ids; a map of 100,000 costs as much as some forty of them. */
const searchesBeforeMap = 24;

/**
 * Rows of objects by their id. A list that opens looks up the few objects it begins with, and is on the screen sooner where
 * these are searched for: the map is made when `map` asks for it, or with many lookups.
 */
export class RowsById {
  /** By row. */
  readonly ids: string[] = [];
  readonly #rows = new Map<string, number>();
  #searches = 0;
  #found = { id: '', row: -1 };

  append(ids: readonly string[]): void {
    for (const id of ids) this.ids.push(id);
    if (this.#rows.size > 0) this.map();
  }

  /** Row of an object, or undefined when it is not here. */
  rowOf(id: string): number | undefined {
    if (this.#rows.size > 0) return this.#rows.get(id);
    if (this.#found.row >= 0 && this.#found.id === id) return this.#found.row;
    if (this.#searches === searchesBeforeMap) {
      this.map();
      return this.#rows.get(id);
    }
    this.#searches++;
    const row = this.ids.indexOf(id);
    if (row < 0) return undefined;
    this.#found = { id, row };
    return row;
  }

  /** Any lookup from here on takes no time. */
  map(): void {
    for (let row = this.#rows.size; row < this.ids.length; row++) this.#rows.set(this.ids[row], row);
  }
}
