/** A box that wants a label, in CSS pixels of the photo. */
export interface LabelledBox {
  /** Room that the text takes, padding included. */
  readonly textWidth: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a label stands; `index` is that of its box among those given. */
export interface PlacedLabel {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  /** Room it may take: no more than the photo has. */
  readonly width: number;
}

export const labelHeight = 16;
/** Between labels, and between a label and its box's line. */
const gap = 2;
/** The share of the photo that labels may hide: it is the photo that is looked at. */
const mostHidden = 0.2;

/**
 * Labels at corners of their boxes, none over another and all inside the photo. Order is importance: the first label is
 * always placed, one that finds no free corner is left out, as are the last where so many would hide the photo.
 */
export function placeLabels(boxes: readonly LabelledBox[], width: number, height: number): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  let room = mostHidden * width * height;
  boxes.forEach((box, index) => {
    const labelWidth = Math.min(width, box.textWidth);
    const area = labelWidth * labelHeight;
    if (placed.length > 0 && area > room) return;
    const inside = corners(box, labelWidth).map(({ x, y }) => ({
      index,
      x: Math.max(0, Math.min(x, width - labelWidth)),
      y: Math.max(0, Math.min(y, height - labelHeight)),
      width: labelWidth,
    }));
    const free = inside.find((label) => !placed.some((other) => overlap(other, label)));
    if (free === undefined) return;
    placed.push(free);
    room -= area;
  });
  return placed;
}

/** Above the box where that is free, else at its other corners, inside before outside. */
function corners(box: LabelledBox, labelWidth: number): { x: number; y: number }[] {
  const left = box.x + gap;
  const right = box.x + box.width - labelWidth - gap;
  const above = box.y - labelHeight - gap;
  const top = box.y + gap;
  const bottom = box.y + box.height - labelHeight - gap;
  const below = box.y + box.height + gap;
  return [above, top, bottom, below].flatMap((y) => [
    { x: left, y },
    { x: right, y },
  ]);
}

function overlap(one: PlacedLabel, other: PlacedLabel): boolean {
  return (
    one.x < other.x + other.width + gap &&
    other.x < one.x + one.width + gap &&
    one.y < other.y + labelHeight + gap &&
    other.y < one.y + labelHeight + gap
  );
}
