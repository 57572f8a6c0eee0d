import type { FocusStore } from './focus.svelte';
import type { ObjectListStore } from './objectList.svelte';
import type { SavedView } from './savedView';
import type { ScanStore } from './scan.svelte';

interface Around {
  readonly scan: ScanStore;
  readonly list: ObjectListStore;
  readonly focus: FocusStore;
}

const none: ReadonlySet<string> = new Set();
// The same each time, so that what depends on it is not done again while nothing is picked.
const noRows = new Uint32Array();
const noIds: string[] = [];

/**
 * Objects picked for one verdict. Owner: this page (kept in the saved view). What is no longer listed does not count: a
 * verdict reaches no object that cannot be seen. With nothing picked, the focused object is what a verdict goes to.
 */
export class SelectionStore {
  #picked = $state.raw<ReadonlySet<string>>(none);
  readonly #around: Around;
  /** Where a range begins; null: at the focused object. */
  #anchor: string | null = null;
  /** What was picked before the range. */
  #before = none;

  constructor(around: Around, saved: SavedView) {
    this.#around = around;
    this.#picked = new Set(saved.selectedIds);
  }

  /** Rows of the table that are picked, in the order of the list. */
  readonly rows = $derived.by((): Uint32Array => {
    const { list } = this.#around;
    const places: number[] = [];
    for (const id of this.#picked) {
      const place = list.placeOf(id);
      if (place >= 0) places.push(place);
    }
    if (places.length === 0) return noRows;
    return Uint32Array.from(places)
      .sort()
      .map((place) => list.rows[place]);
  });
  readonly count = $derived.by(() => this.rows.length);
  /** A verdict goes to other objects than the focused one alone. */
  readonly reachesOthers = $derived.by(
    () => this.count > 1 || (this.count === 1 && this.#idOf(this.rows[0]) !== this.#around.focus.id),
  );
  /** What VS Code should keep. */
  readonly ids = $derived.by((): string[] =>
    this.count === 0 ? noIds : Array.from(this.rows, (row) => this.#idOf(row)),
  );

  /** Rows that a verdict goes to. */
  get targets(): Uint32Array {
    if (this.count > 0) return this.rows;
    const { row } = this.#around.focus;
    return Uint32Array.from(row === undefined ? [] : [row]);
  }

  isTarget(row: number): boolean {
    const id = this.#idOf(row);
    return this.count > 0 ? this.#picked.has(id) : id === this.#around.focus.id;
  }

  isPicked(row: number): boolean {
    return this.count > 0 && this.#picked.has(this.#idOf(row));
  }

  /** Picks an object of the list, or lets it go; with nothing picked so far, the focused one is picked as well. */
  toggle(position: number): void {
    const { focus } = this.#around;
    const id = this.#idAt(position);
    const picked = new Set(this.ids);
    if (picked.size === 0 && this.#isListed(focus.id)) picked.add(focus.id);
    if (this.count > 0 && picked.has(id)) picked.delete(id);
    else picked.add(id);
    this.#picked = picked;
    this.#anchor = id;
    this.#before = picked;
  }

  /** Picks everything from where the range begins to a position of the list. */
  extendTo(position: number): void {
    const { list, focus } = this.#around;
    if (!this.#isListed(this.#anchor)) {
      this.#anchor = this.#isListed(focus.id) ? focus.id : this.#idAt(position);
      this.#before = none;
    }
    const start = list.positionOf(this.#anchor);
    const picked = new Set(this.#before);
    for (let at = Math.min(start, position); at <= Math.max(start, position); at++)
      picked.add(this.#idAt(at));
    this.#picked = picked;
  }

  /** Picks everything that is listed. */
  pickAll(): void {
    this.pick(Array.from(this.#around.list.rows, (row) => this.#idOf(row)));
  }

  /** Picks rows beside those picked already, or lets them go. */
  pickRows(rows: Uint32Array, isPicked: boolean): void {
    const picked = new Set(this.ids);
    for (const row of rows)
      if (isPicked) picked.add(this.#idOf(row));
      else picked.delete(this.#idOf(row));
    this.pick(picked);
  }

  pick(ids: Iterable<string>): void {
    this.#picked = new Set(ids);
    this.#anchor = null;
    this.#before = none;
  }

  clear(): void {
    if (this.#picked.size > 0) this.#picked = none;
    this.#anchor = null;
    this.#before = none;
  }

  #isListed(id: string | null): id is string {
    return this.#around.list.positionOf(id) >= 0;
  }

  #idAt(position: number): string {
    return this.#idOf(this.#around.list.rowAt(position));
  }

  #idOf(row: number): string {
    return this.#around.scan.table.ids[row];
  }
}
