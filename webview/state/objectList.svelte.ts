import { isFlagged } from '../../extension/protocol/classThresholds';
import { filterTerms } from '../objects/filterTerms';
import { matchingRows, rowsOnSide, type ShownObjects } from '../objects/objectFilter';
import { inOrder, lowestScoreFirst, positionsOf, type ObjectOrder } from '../objects/objectOrder';
import { ObjectTable } from '../objects/objectTable';
import { ScoreIndex } from '../objects/scoreIndex';
import type { SavedView } from './savedView';
import type { ScanStore } from './scan.svelte';
import type { ThresholdStore } from './threshold.svelte';

/**
 * Which objects are listed, in which order. Owner: this page (kept in the saved view). The order stands still while a
 * person works in it: new results wait until the filter or δ changes, or until they are asked for.
 */
export class ObjectListStore {
  text = $state('');
  shown = $state<ShownObjects>('flagged');
  order = $state.raw<ObjectOrder>(lowestScoreFirst);
  /** Only objects whose label in the dataset names another class than the best one. */
  labelDiffers = $state(false);
  #scan: ScanStore;
  #threshold: ThresholdStore;
  /** The objects that take part. */
  #index = $state.raw(new ScoreIndex(new ObjectTable()));

  constructor(scan: ScanStore, threshold: ThresholdStore, saved: SavedView) {
    this.#scan = scan;
    this.#threshold = threshold;
    this.#index = scan.index;
    this.text = saved.text;
    this.shown = saved.shown;
    this.order = saved.order;
    this.labelDiffers = saved.labelDiffers;
  }

  /** The revision of verdicts that the filter looked at: the table is no state of its own. */
  #verdictsSeen = $state(0);
  #asksForVerdicts = $derived.by(() => filterTerms(this.text).verdicts.length > 0);
  #matches = $derived.by(() => {
    void this.#verdictsSeen;
    return matchingRows(this.#scan.table, this.#index, this.#scan.classes, this.text, this.labelDiffers);
  });
  #ordered = $derived.by(() => inOrder(this.#matches, this.#scan.table, this.#scan.classes, this.order));
  #listed = $derived.by(() => rowsOnSide(this.#index, this.#ordered, this.shown, this.#threshold.value));
  #positions = $derived.by(() => positionsOf(this.#listed, this.#index.count));

  readonly count = $derived.by(() => this.#listed.length);
  /** With both sides of δ on show, sorted by score: the position where the other side begins. */
  readonly ruleBefore = $derived.by((): number | null => {
    if (this.shown !== 'all' || this.order.by !== 'score') return null;
    const first = this.#listed.findIndex((row) => this.#isFlagged(row) === this.order.descending);
    return first > 0 ? first : null;
  });
  /** New results that would be listed. */
  readonly waiting = $derived.by(() => {
    if (this.#scan.index === this.#index || this.isFiltered) return 0;
    return Math.max(0, this.#sideOf(this.#scan.index) - this.#sideOf(this.#index));
  });
  readonly isFiltered = $derived.by(() => this.text.trim() !== '' || this.labelDiffers);
  /** Whether labels of the dataset can be compared with the best classes. */
  readonly hasLabels = $derived.by(() => this.#scan.index.count > 0 && this.#scan.table.hasLabels());

  /** Row in the table of the object at a position of the list. */
  rowAt(position: number): number {
    return this.#listed[position];
  }

  /** Position of an object in the list, −1 when it is not listed. */
  positionOf(id: string | null): number {
    const row = id === null ? undefined : this.#scan.table.rowOf(id);
    return row === undefined ? -1 : (this.#positions[row] ?? -1);
  }

  filter(text: string, shown: ShownObjects, labelDiffers = this.labelDiffers): void {
    this.text = text;
    this.shown = shown;
    this.labelDiffers = labelDiffers;
    this.refresh();
  }

  sort(order: ObjectOrder): void {
    this.order = order;
    this.refresh();
  }

  /** Takes in everything found and said so far. */
  refresh(): void {
    this.#index = this.#scan.index;
    this.#verdictsSeen = this.#scan.verdictRevision;
  }

  /** Verdicts were given: objects come and go where the filter asks for verdicts, new results still wait. */
  followVerdicts(): void {
    if (this.#asksForVerdicts) this.#verdictsSeen = this.#scan.verdictRevision;
  }

  #isFlagged(row: number): boolean {
    return isFlagged(this.#index.levelled[row], this.#threshold.value);
  }

  #sideOf(index: ScoreIndex): number {
    const flagged = index.flagged(this.#threshold.value);
    if (this.shown === 'flagged') return flagged;
    return this.shown === 'kept' ? index.count - flagged : index.count;
  }
}
