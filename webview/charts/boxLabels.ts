/** A label and the corner it would like, in CSS pixels of the photo. */
export interface WantedLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedLabel extends WantedLabel {
  readonly width: number;
}

export const labelHeight = 16;
const characterWidth = 6.4;
const padding = 9;
const mostSteps = 8;

/** Moves labels down past those placed before them, and into the photo; order is importance. */
export function placeLabels(wanted: readonly WantedLabel[], width: number, height: number): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const label of wanted) {
    const labelWidth = Math.min(width, label.text.length * characterWidth + padding);
    const x = Math.min(Math.max(0, label.x), Math.max(0, width - labelWidth));
    let y = Math.min(Math.max(0, label.y), Math.max(0, height - labelHeight));
    for (let step = 0; step < mostSteps && placed.some((other) => overlap(other, x, y, labelWidth)); step++)
      y += labelHeight + 1;
    if (y + labelHeight <= height) placed.push({ text: label.text, x, y, width: labelWidth });
  }
  return placed;
}

function overlap(other: PlacedLabel, x: number, y: number, width: number): boolean {
  return (
    x < other.x + other.width + 2 &&
    other.x < x + width + 2 &&
    y < other.y + labelHeight + 1 &&
    other.y < y + labelHeight + 1
  );
}
