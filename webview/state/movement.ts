import type { Announcer } from './announcer.svelte';
import type { FocusStore } from './focus.svelte';
import type { ObjectListStore } from './objectList.svelte';
import type { ScanStore } from './scan.svelte';
import type { SelectionStore } from './selection.svelte';
import type { VerdictStore } from './verdicts.svelte';
import { t } from '../words/localise';
import { formatCount } from '../words/numbers';

/** Objects beyond the focused one whose pictures are fetched before they are looked at. */
const fetchedAhead = 3;

interface Around {
  readonly scan: ScanStore;
  readonly list: ObjectListStore;
  readonly focus: FocusStore;
  readonly selection: SelectionStore;
  readonly verdicts: VerdictStore;
  readonly announcer: Announcer;
}

/** From object to object. It holds nothing: where one is, the focus knows. */
export class Movement {
  /** A person works in the list: new results wait. */
  inUse = false;
  /** Where the focused object was when its verdict took it out of the list. */
  #left: { readonly id: string; readonly place: number } | null = null;
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Position of the focused object in the list; −1 when it is not listed. */
  get place(): number {
    return this.#around.list.positionOf(this.#around.focus.id);
  }

  /** Looks at the object at a position of the list; what was selected no longer is. */
  toPosition(position: number): void {
    this.#around.selection.clear();
    this.#lookAt(position);
  }

  /** Selects everything up to a position of the list, and looks at the object there. */
  extendTo(position: number): void {
    if (this.#around.list.count === 0) return;
    this.#around.selection.extendTo(this.#inList(position));
    this.#lookAt(position);
    this.#saySelected();
  }

  /** Selects the object at a position of the list or lets it go, and looks at it. */
  toggleAt(position: number): void {
    if (position < 0) return;
    this.#around.selection.toggle(position);
    this.#lookAt(position);
    this.#saySelected();
  }

  /** Selects a group beside what is selected, or lets it go. */
  selectGroup(rows: Uint32Array, isSelected: boolean): void {
    this.inUse = true;
    this.#around.selection.pickRows(rows, isSelected);
    this.#saySelected();
  }

  selectAll(): void {
    this.inUse = true;
    this.#around.selection.pickAll();
    this.#saySelected();
  }

  clearSelection(): void {
    this.#around.selection.clear();
    this.#around.announcer.say(t('Nothing selected.'));
  }

  /** Looks at an object, listed or not; what was selected no longer is. */
  toObject(id: string): void {
    this.inUse = true;
    this.#around.selection.clear();
    const place = this.#around.list.positionOf(id);
    this.#around.focus.focus(id, place < 0 ? [] : this.#likelyNext(place));
  }

  /** The first listed object, where nothing was focused: it does not count as work in the list. */
  toFirst(): void {
    if (this.#around.list.count > 0) this.#around.focus.follow(this.#idAt(0), this.#likelyNext(0));
  }

  step(by: number): void {
    this.toPosition(this.placeAfter(by));
  }

  /** Looks at another object of the list and leaves what is selected as it is. */
  stepAside(by: number): void {
    this.#lookAt(this.placeAfter(by));
  }

  /** Position so many objects after the focused one; it may lie beyond the list. */
  placeAfter(by: number): number {
    const { place } = this;
    if (place >= 0) return place + by;
    // From a folded group on, the rows on either side of it are next.
    const { list, focus } = this.#around;
    if (list.placeOf(focus.id) >= 0) return list.positionUpTo(focus.id) + (by > 0 ? by : by + 1);
    // What came after the object that left stands in its place.
    if (this.#left !== null && this.#left.id === this.#around.focus.id)
      return this.#left.place + (by > 0 ? by - 1 : by);
    return 0;
  }

  /** Verdicts were given: the list follows, and the way on starts where the focused object was. */
  followVerdicts(): void {
    const { list, focus } = this.#around;
    const { place } = this;
    list.followVerdicts();
    if (focus.id !== null && place >= 0 && this.place < 0) this.#left = { id: focus.id, place };
  }

  /**
   * The next object without a verdict, from `start` on (at first the focused one) and then from the other end of the list.
   * @returns false when the list has none.
   */
  toUnreviewed(direction: 1 | -1, start = this.place): boolean {
    const { list, announcer } = this.#around;
    const position = this.unreviewedFrom(start, direction);
    if (position >= 0) this.toPosition(position);
    else if (list.count < list.total) announcer.say(t('No unreviewed object left outside of folded groups.'));
    else announcer.say(t('No unreviewed object left in this list.'));
    return position >= 0;
  }

  /** Position of the nearest unreviewed object after `from`; −1 when there is none but perhaps `from` itself. */
  unreviewedFrom(from: number, direction: 1 | -1): number {
    const { list, verdicts } = this.#around;
    const { count } = list;
    const start = from < 0 ? (direction > 0 ? -1 : count) : from;
    for (let step = 1; step <= count; step++) {
      const position = (((start + direction * step) % count) + count) % count;
      if (position !== from && !verdicts.isReviewed(list.rowAt(position))) return position;
    }
    return -1;
  }

  /** Another object of the same photo. */
  inPhoto(by: 1 | -1): void {
    const objects = this.#around.focus.detail?.objectsInPhoto ?? [];
    const place = objects.findIndex(({ id }) => id === this.#around.focus.id);
    const next = objects[(place + by + objects.length) % objects.length];
    if (place >= 0 && objects.length > 1 && next) this.toObject(next.id);
  }

  #lookAt(position: number): void {
    const { list, focus } = this.#around;
    if (list.count === 0) return;
    const place = this.#inList(position);
    this.inUse = true;
    focus.focus(this.#idAt(place), this.#likelyNext(place));
  }

  #inList(position: number): number {
    return Math.min(this.#around.list.count - 1, Math.max(0, position));
  }

  #saySelected(): void {
    const { selection, announcer } = this.#around;
    announcer.say(t('{0} selected.', formatCount(selection.count)));
  }

  #idAt(position: number): string {
    return this.#around.scan.table.ids[this.#around.list.rowAt(position)];
  }

  /** What a verdict leads to first, then what keys lead to. */
  #likelyNext(position: number): string[] {
    const { count } = this.#around.list;
    const likely: number[] = [];
    for (let from = position; likely.length < fetchedAhead;) {
      const next = this.unreviewedFrom(from, 1);
      if (next <= from) break;
      likely.push(next);
      from = next;
    }
    for (const place of [position + 1, position - 1])
      if (place >= 0 && place < count && !likely.includes(place)) likely.push(place);
    return likely.map((place) => this.#idAt(place));
  }
}
