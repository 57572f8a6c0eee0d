export const rowHeight = 42;
export const ruleHeight = 22;
export const groupHeaderHeight = 24;
/** Rows drawn beyond either edge, so that a fast scroll shows no gap. */
const spareRows = 6;

/** A part of a list: from the first up to the one before `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/**
 * Where the rows of a long list stand, and which are drawn. The list is in sections, each with a head of the same height
 * over its rows; the first may have none. All heights and places in CSS pixels.
 */
export class ListLayout {
  /** Height of the whole list. */
  readonly height: number;
  /** Upper edge of each section; one more for the end. */
  readonly #tops: Float64Array;
  readonly #firstHead: number;

  private constructor(
    readonly count: number,
    /** Position of the first row of each section; a section without rows begins where the next one does. */
    private readonly starts: ArrayLike<number>,
    private readonly head: number,
    firstHasHead: boolean,
  ) {
    this.#firstHead = firstHasHead ? head : 0;
    this.#tops = new Float64Array(starts.length + 1);
    for (let section = 0; section < starts.length; section++)
      this.#tops[section + 1] =
        this.#tops[section] + this.#headOf(section) + rowHeight * this.#rowsIn(section);
    this.height = this.#tops[starts.length];
  }

  /** @param ruleBefore the row before which the rule “kept from here” stands, null without a rule. */
  static plain(count: number, ruleBefore: number | null): ListLayout {
    return new ListLayout(count, ruleBefore === null ? [0] : [0, ruleBefore], ruleHeight, false);
  }

  /** @param starts position of the first row of each group; one without rows in sight begins where the next does. */
  static grouped(count: number, starts: ArrayLike<number>): ListLayout {
    return new ListLayout(count, starts, groupHeaderHeight, true);
  }

  /** Height that a group's head, which stays in sight, covers of the view. */
  get stickyHeight(): number {
    return this.#firstHead;
  }

  rowTop(position: number): number {
    const section = lastAtMost(this.starts, position, this.starts.length);
    return this.#tops[section] + this.#headOf(section) + rowHeight * (position - this.starts[section]);
  }

  sectionTop(section: number): number {
    return this.#tops[section];
  }

  sectionHeight(section: number): number {
    return this.#tops[section + 1] - this.#tops[section];
  }

  /** The first row that is not wholly above a height; the length of the list when all are. */
  positionAt(height: number): number {
    const section = lastAtMost(this.#tops, Math.max(0, height), this.starts.length);
    const rows = Math.floor((height - this.#tops[section] - this.#headOf(section)) / rowHeight);
    return this.starts[section] + Math.min(this.#rowsIn(section), Math.max(0, rows));
  }

  /** The rows that may be seen; never more than fit plus spare ones on either side. */
  rowsIn(scrollTop: number, viewHeight: number): Span {
    const end = Math.min(this.count, this.positionAt(scrollTop + viewHeight) + 1 + spareRows);
    return { first: Math.min(end, Math.max(0, this.positionAt(scrollTop) - spareRows)), end };
  }

  /** The sections that may be seen. */
  sectionsIn(scrollTop: number, viewHeight: number): Span {
    const first = lastAtMost(this.#tops, Math.max(0, scrollTop), this.starts.length);
    const last = lastAtMost(this.#tops, Math.max(0, scrollTop + viewHeight), this.starts.length);
    return { first, end: Math.min(this.starts.length, last + 1) };
  }

  /** Where to scroll so that a row is seen whole; the same place when it is already. */
  scrollToRow(position: number, scrollTop: number, viewHeight: number): number {
    const top = this.rowTop(position);
    if (top - this.stickyHeight < scrollTop) return top - this.stickyHeight;
    if (top + rowHeight > scrollTop + viewHeight) return top + rowHeight - viewHeight;
    return scrollTop;
  }

  #headOf(section: number): number {
    return section === 0 ? this.#firstHead : this.head;
  }

  #rowsIn(section: number): number {
    const end = section + 1 < this.starts.length ? this.starts[section + 1] : this.count;
    return end - this.starts[section];
  }
}

/** Place of the last of the first `count` ascending values that is not above a limit; 0 when all are. */
function lastAtMost(values: ArrayLike<number>, limit: number, count: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
