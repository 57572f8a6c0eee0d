/** Objects that two scans hold, by side of δ. */
export interface SideCounts {
  flaggedInBoth: number;
  /** Flagged here and kept there: newly flagged, seen from there. */
  flaggedHere: number;
  /** Kept here and flagged there: no longer flagged, seen from there. */
  flaggedThere: number;
  keptInBoth: number;
}

/**
 * Counts objects by side.
 *
 * @param count of objects that both scans hold.
 * @param isFlaggedHere, isFlaggedThere by place among them.
 */
export function countSides(
  count: number,
  isFlaggedHere: (at: number) => boolean,
  isFlaggedThere: (at: number) => boolean,
): SideCounts {
  const counts: SideCounts = { flaggedInBoth: 0, flaggedHere: 0, flaggedThere: 0, keptInBoth: 0 };
  for (let at = 0; at < count; at++) {
    if (isFlaggedHere(at)) counts[isFlaggedThere(at) ? 'flaggedInBoth' : 'flaggedHere']++;
    else counts[isFlaggedThere(at) ? 'flaggedThere' : 'keptInBoth']++;
  }
  return counts;
}
