export const rowHeight = 42;
export const ruleHeight = 22;
/** Rows drawn beyond either edge, so that a fast scroll shows no gap. */
const spareRows = 6;

/** What part of a long list is drawn. All heights and places in CSS pixels. */
export interface RowWindow {
  readonly first: number;
  /** Past the last drawn row. */
  readonly end: number;
  /** Height of the whole list. */
  readonly height: number;
}

/**
 * The rows of a list of `count` rows that may be seen; never more than fit plus spare ones on either side.
 * @param ruleBefore the row before which the rule “kept from here” stands, null without a rule.
 */
export function rowWindow(
  count: number,
  ruleBefore: number | null,
  scrollTop: number,
  viewHeight: number,
): RowWindow {
  const rule = ruleBefore === null ? 0 : ruleHeight;
  const first = Math.max(0, Math.floor((scrollTop - rule) / rowHeight) - spareRows);
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + spareRows);
  return { first: Math.min(first, end), end, height: count * rowHeight + rule };
}

/** Upper edge of a row. */
export function rowTop(position: number, ruleBefore: number | null): number {
  return position * rowHeight + (ruleBefore !== null && position >= ruleBefore ? ruleHeight : 0);
}

/** Where to scroll so that a row is seen whole; the same place when it is already. */
export function scrollToRow(top: number, scrollTop: number, viewHeight: number): number {
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + viewHeight) return top + rowHeight - viewHeight;
  return scrollTop;
}
