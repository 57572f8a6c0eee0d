import { filterTerms } from '../objects/filterTerms';
import { matchingRows, rangeAt, type ShownObjects } from '../objects/objectFilter';
import { ObjectTable } from '../objects/objectTable';
import { countBelow, ScoreIndex } from '../objects/scoreIndex';
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
  }

  /** The revision of verdicts that the filter looked at: the table is no state of its own. */
  #verdictsSeen = $state(0);
  #asksForVerdicts = $derived.by(() => filterTerms(this.text).verdicts.length > 0);
  #matches = $derived.by(() => {
    void this.#verdictsSeen;
    return matchingRows(this.#scan.table, this.#index, this.#scan.classes, this.text);
  });
  #range = $derived.by(() => rangeAt(this.#matches, this.shown, this.#threshold.value));

  readonly count = $derived.by(() => this.#range.end - this.#range.start);
  /** With both sides of δ on show: the position from which objects are kept. */
  readonly ruleBefore = $derived.by((): number | null => {
    if (this.shown !== 'all') return null;
    const first = countBelow(this.#matches.scores, this.#threshold.value);
    return first > 0 && first < this.count ? first : null;
  });
  /** New results that would be listed. */
  readonly waiting = $derived.by(() => {
    if (this.#scan.index === this.#index || this.text !== '') return 0;
    return Math.max(0, this.#sideOf(this.#scan.index) - this.#sideOf(this.#index));
  });
  readonly isFiltered = $derived.by(() => this.text.trim() !== '');

  /** Row in the table of the object at a position of the list. */
  rowAt(position: number): number {
    return this.#matches.rows[this.#range.start + position];
  }

  /** Position of an object in the list, −1 when it is not listed. */
  positionOf(id: string | null): number {
    const row = id === null ? undefined : this.#scan.table.rowOf(id);
    if (row === undefined) return -1;
    const { rows, scores } = this.#matches;
    const score = this.#scan.table.score[row];
    for (let place = countBelow(scores, score); place < rows.length && scores[place] === score; place++)
      if (rows[place] === row)
        return place >= this.#range.start && place < this.#range.end ? place - this.#range.start : -1;
    return -1;
  }

  filter(text: string, shown: ShownObjects): void {
    this.text = text;
    this.shown = shown;
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

  #sideOf(index: ScoreIndex): number {
    const flagged = index.flagged(this.#threshold.value);
    if (this.shown === 'flagged') return flagged;
    return this.shown === 'kept' ? index.count - flagged : index.count;
  }
}
