import type { ObjectTable } from './objectTable';
import { countBelow, type ScoreIndex } from './scoreIndex';

export const shownObjects = ['flagged', 'kept', 'all'] as const;
/** Which side of δ the list shows. */
export type ShownObjects = (typeof shownObjects)[number];

/** Objects that match a text, lowest score first. */
export interface MatchingRows {
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}

/** A stretch of `MatchingRows`: positions `start` to `end`, end excluded. */
export interface ListRange {
  readonly start: number;
  readonly end: number;
}

/** Every word of `text` has to occur in the file path, the best class or the assigned class; case does not matter. */
export function matchingRows(
  table: ObjectTable,
  index: ScoreIndex,
  classes: readonly string[],
  text: string,
): MatchingRows {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return index;
  const matchers = words.map((word) => wordMatcher(table, classes, word));
  const rows = index.rows.filter((row) => matchers.every((matches) => matches(row)));
  return { rows, scores: Float32Array.from(rows, (row) => table.score[row]) };
}

/** The stretch of the matches that lies on the wanted side of δ. */
export function rangeAt(matches: MatchingRows, shown: ShownObjects, threshold: number): ListRange {
  const flagged = countBelow(matches.scores, threshold);
  if (shown === 'flagged') return { start: 0, end: flagged };
  if (shown === 'kept') return { start: flagged, end: matches.rows.length };
  return { start: 0, end: matches.rows.length };
}

/** Each file and class name is looked at once, not once an object. */
function wordMatcher(table: ObjectTable, classes: readonly string[], word: string): (row: number) => boolean {
  const contains = (name: string): boolean => name.toLowerCase().includes(word);
  const inFile = table.files.map(contains);
  const inClass = classes.map(contains);
  return (row) => {
    if (inFile[table.fileIndex[row]] || inClass[table.predictedClass[row]]) return true;
    const assigned = table.assignedClassOf(row);
    return assigned !== undefined && contains(assigned);
  };
}
