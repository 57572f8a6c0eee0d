import { isFlagged } from '../../extension/protocol/classThresholds';
import { rowsThatDiffer, type ChangeName } from '../objects/changes';
import { filterTerms, type ScoreRange } from '../objects/filterTerms';
import { matchingRows, rowsOnSide, type ObjectFilter, type ShownObjects } from '../objects/objectFilter';
import { ListLayout } from '../objects/listLayout';
import { alikeKeys } from '../objects/alikeKeys';
import { classKeys, imageKeys, type GroupKeys } from '../objects/groupKeys';
import { newNameKeys } from '../objects/newNameKeys';
import { ObjectGroups, type GroupingName } from '../objects/objectGroups';
import { inOrder, lowestScoreFirst, positionsOf, type ObjectOrder } from '../objects/objectOrder';
import { ObjectTable } from '../objects/objectTable';
import { ScoreIndex } from '../objects/scoreIndex';
import type { LikenessStore } from './likeness.svelte';
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
  /** Only objects with such a score, as the histogram shows it; null: any. */
  scores = $state.raw<ScoreRange | null>(null);
  /** Only objects that differ so from the scan that is compared; null: any. */
  change = $state<ChangeName | null>(null);
  groupBy = $state<GroupingName>('none');
  /** Names of the groups of which only the head is shown. */
  folded = $state.raw<ReadonlySet<string>>(new Set());
  #scan: ScanStore;
  #threshold: ThresholdStore;
  #likeness: LikenessStore;
  /** The objects that take part. */
  #index = $state.raw(new ScoreIndex(new ObjectTable()));

  constructor(scan: ScanStore, threshold: ThresholdStore, likeness: LikenessStore, saved: SavedView) {
    this.#scan = scan;
    this.#threshold = threshold;
    this.#likeness = likeness;
    this.#index = scan.index;
    this.text = saved.text;
    this.shown = saved.shown;
    this.order = saved.order;
    this.labelDiffers = saved.labelDiffers;
    this.scores = saved.scores;
    this.change = saved.change;
    this.groupBy = saved.groupBy;
    this.folded = new Set(saved.folded);
  }

  /** The revision of verdicts that the filter looked at: the table is no state of its own. */
  #verdictsSeen = $state(0);
  #asksForVerdicts = $derived.by(() => filterTerms(this.text).verdicts.length > 0);
  #matches = $derived.by(() => {
    void this.#verdictsSeen;
    return matchingRows(this.#scan.table, this.#index, this.#scan.classes, this);
  });
  #ordered = $derived.by(() => {
    const { table, classes, compared } = this.#scan;
    // Only an order by δ follows it.
    const threshold = this.order.by === 'nearest' ? this.#threshold.value : NaN;
    const ordered = { table, index: this.#index, classes, threshold, compared };
    return inOrder(this.#matches, ordered, this.order);
  });
  #onSide = $derived.by(() => {
    const rows = rowsOnSide(this.#index, this.#ordered, this.shown, this.#threshold.value);
    const { compared } = this.#scan;
    if (compared === null || this.change === null) return rows;
    const { levelled } = this.#index;
    const { value } = this.#threshold;
    return rowsThatDiffer(rows, compared, (row) => isFlagged(levelled[row], value), this.change);
  });
  /** The list in groups; null where it has none, or none yet. */
  readonly groups = $derived.by((): ObjectGroups | null => {
    const keys = this.#groupKeys();
    return keys && new ObjectGroups(keys, this.#onSide, this.folded);
  });
  /** Rows of the table that are listed, in order, those of folded groups among them. */
  readonly rows = $derived.by(() => this.groups?.rows ?? this.#onSide);
  #shownRows = $derived.by(() => this.groups?.shown ?? this.#onSide);
  #places = $derived.by(() => positionsOf(this.rows, this.#index.count));
  #positions = $derived.by(() =>
    this.#shownRows === this.rows ? this.#places : positionsOf(this.#shownRows, this.#index.count),
  );

  /** How many objects are listed. */
  readonly total = $derived.by(() => this.rows.length);
  /** How many positions the list has: objects of folded groups have none. */
  readonly count = $derived.by(() => this.#shownRows.length);
  /** With both sides of δ on show, sorted by score: the position where the other side begins. */
  readonly ruleBefore = $derived.by((): number | null => {
    if (this.shown !== 'all' || this.order.by !== 'score' || this.groupBy !== 'none') return null;
    const first = this.#onSide.findIndex((row) => this.#isFlagged(row) === this.order.descending);
    return first > 0 ? first : null;
  });
  readonly layout = $derived.by(() =>
    this.groups === null
      ? ListLayout.plain(this.count, this.ruleBefore)
      : ListLayout.grouped(this.count, this.groups.shownStarts),
  );
  /** New results that would be listed. */
  readonly waiting = $derived.by(() => {
    if (this.#scan.index === this.#index || this.isFiltered) return 0;
    return Math.max(0, this.#sideOf(this.#scan.index) - this.#sideOf(this.#index));
  });
  readonly isFiltered = $derived.by(
    () => this.text.trim() !== '' || this.labelDiffers || this.scores !== null || this.change !== null,
  );
  /** Whether labels of the dataset can be compared with the best classes. */
  readonly hasLabels = $derived.by(() => this.#scan.index.count > 0 && this.#scan.table.hasLabels());

  /** Row in the table of the object at a position of the list. */
  rowAt(position: number): number {
    return this.#shownRows[position];
  }

  /** Position of an object in the list, −1 when it is not listed or in a folded group. */
  positionOf(id: string | null): number {
    return this.#at(this.#positions, id);
  }

  /** Place of an object in `rows`, −1 when it is not listed. */
  placeOf(id: string | null): number {
    return this.#at(this.#places, id);
  }

  /** Position of an object, or of the last one before its group where that is folded; −1 also when it is not listed. */
  positionUpTo(id: string | null): number {
    const position = this.positionOf(id);
    const place = this.placeOf(id);
    if (position >= 0 || place < 0 || this.groups === null) return position;
    return this.groups.shownStarts[this.groups.groupOf(this.rows[place])] - 1;
  }

  /** The group that an object is listed in, −1 without one. */
  groupWith(id: string | null): number {
    const place = this.placeOf(id);
    return this.groups === null || place < 0 ? -1 : this.groups.groupOf(this.rows[place]);
  }

  /** Changes what is given of the filter, and the side of δ; the rest stays. */
  filter(wanted: Partial<ObjectFilter & { shown: ShownObjects; change: ChangeName | null }>): void {
    const { text = this.text, shown = this.shown, labelDiffers = this.labelDiffers } = wanted;
    this.text = text;
    this.shown = shown;
    this.labelDiffers = labelDiffers;
    if (wanted.scores !== undefined) this.scores = wanted.scores;
    if (wanted.change !== undefined) this.change = wanted.change;
    this.refresh();
  }

  clearFilters(): void {
    this.filter({ text: '', shown: 'flagged', labelDiffers: false, scores: null, change: null });
  }

  /** Nothing is compared any more: what asks for it holds no longer. */
  leaveComparison(): void {
    if (this.change !== null) this.filter({ change: null });
    if (this.order.by === 'moved') this.sort(lowestScoreFirst);
  }

  /** Groups the list, or no longer does; all groups are unfolded then. */
  group(by: GroupingName): void {
    this.groupBy = by;
    this.folded = new Set();
    this.refresh();
    this.compareNew();
  }

  /** Grouped by likeness, objects are compared that have not been; the groups stand still until then. */
  compareNew(): void {
    if (this.groupBy === 'likeness') void this.#likeness.compare();
  }

  /** Folds groups, or shows their rows again. */
  fold(names: readonly string[], isFolded: boolean): void {
    const folded = new Set(this.folded);
    for (const name of names)
      if (isFolded) folded.add(name);
      else folded.delete(name);
    this.folded = folded;
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

  /** Verdicts were given: objects come and go where filter or groups ask for verdicts, new results still wait. */
  followVerdicts(): void {
    if (this.#asksForVerdicts || this.groupBy === 'newName') this.#verdictsSeen = this.#scan.verdictRevision;
  }

  #groupKeys(): GroupKeys | null {
    const { table, classes } = this.#scan;
    if (this.groupBy === 'image') return imageKeys(table);
    if (this.groupBy === 'class') return classKeys(table, classes);
    if (this.groupBy === 'newName') {
      void this.#verdictsSeen;
      return newNameKeys(table, classes, this.#onSide);
    }
    const { alike } = this.#likeness;
    return this.groupBy === 'likeness' && alike ? alikeKeys(alike, this.#onSide, table) : null;
  }

  #at(places: Int32Array, id: string | null): number {
    const row = id === null ? undefined : this.#scan.table.rowOf(id);
    return row === undefined ? -1 : (places[row] ?? -1);
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
