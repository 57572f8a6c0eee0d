import { countSides, type SideCounts } from '../../extension/protocol/sideCounts';
import type { ComparedTable } from './comparedTable';
import { keep } from './objectFilter';

export const changeNames = ['changed', 'newlyFlagged', 'noLongerFlagged', 'onlyHere'] as const;
/**
 * How an object of the shown scan differs from what the other says of it: it is on the other side of δ, flagged here and kept
 * there, kept here and flagged there, or the other did not find it.
 */
export type ChangeName = (typeof changeNames)[number];

type FlaggedHere = (row: number) => boolean;

/** Those of the rows, in their order, that differ in this way. */
export function rowsThatDiffer(
  rows: Uint32Array,
  table: ComparedTable,
  isFlaggedHere: FlaggedHere,
  change: ChangeName,
): Uint32Array {
  if (change === 'onlyHere') return keep(rows, (row) => table.isOnlyHere(row));
  return keep(rows, (row) => {
    if (!table.isInBoth(row)) return false;
    const here = isFlaggedHere(row);
    const there = table.flaggedThere[row] === 1;
    return here !== there && (change === 'changed' || here === (change === 'newlyFlagged'));
  });
}

/** How many of the compared objects differ in each way, and how many do not. */
export function countChanges(
  table: ComparedTable,
  isFlaggedHere: FlaggedHere,
): SideCounts & Record<ChangeName, number> {
  const { inBoth, flaggedThere, onlyHere } = table;
  const sides = countSides(
    inBoth.length,
    (at) => isFlaggedHere(inBoth[at]),
    (at) => flaggedThere[inBoth[at]] === 1,
  );
  const { flaggedHere: newlyFlagged, flaggedThere: noLongerFlagged } = sides;
  return { ...sides, changed: newlyFlagged + noLongerFlagged, newlyFlagged, noLongerFlagged, onlyHere };
}
