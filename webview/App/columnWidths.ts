/** Least widths in CSS pixels, side by side. */
const least = { list: 240, object: { medium: 300, wide: 480 }, why: 260 } as const;

export interface ColumnWidth {
  readonly value: number;
  readonly smallest: number;
  readonly largest: number;
}

/**
 * Widths of the list and of the reasons in a window of `width` pixels; the object takes the rest. In the medium layout the
 * reasons lie below the object and have its width. What was chosen gives way where the object would become too narrow.
 */
export function columnWidths(
  layout: 'medium' | 'wide',
  width: number,
  chosen: { list: number | null; why: number | null },
): { list: ColumnWidth; why: ColumnWidth } {
  const isWide = layout === 'wide';
  const room = width - least.object[layout];
  const list = within(
    chosen.list ?? (isWide ? 312 : Math.min(312, Math.max(244, 0.24 * width))),
    least.list,
    room - (isWide ? least.why : 0),
  );
  return { list, why: within(chosen.why ?? 316, least.why, room - list.value) };
}

function within(wanted: number, smallest: number, largest: number): ColumnWidth {
  const reach = Math.max(smallest, largest);
  return { value: Math.round(Math.min(reach, Math.max(smallest, wanted))), smallest, largest: reach };
}
