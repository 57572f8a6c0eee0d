import { isFlagged } from '../../extension/protocol/classThresholds';
import { filterTerms, type ScoreRange } from './filterTerms';
import type { ObjectTable } from './objectTable';
import type { ScoreIndex } from './scoreIndex';

export const shownObjects = ['flagged', 'kept', 'all'] as const;
/** Which side of δ the list shows. */
export type ShownObjects = (typeof shownObjects)[number];

/** What objects have to be like to be listed, beside the side of δ; all of it has to hold. */
export interface ObjectFilter {
  /** Words and terms (`filterTerms`). */
  readonly text: string;
  /** Only objects whose label in the dataset names another class than the best one. */
  readonly labelDiffers: boolean;
  /** Levelled scores, as the histogram shows them; null: any. */
  readonly scores: ScoreRange | null;
}

/** Rows that match a filter, lowest score first. Case does not matter. Verdicts count as they are now. */
export function matchingRows(
  table: ObjectTable,
  index: ScoreIndex,
  classes: readonly string[],
  { text, labelDiffers, scores }: ObjectFilter,
): Uint32Array {
  const terms = filterTerms(text);
  const matchers = [
    ...(scores ? [rangeMatcher(index.levelled, scores)] : []),
    ...(labelDiffers ? [(row: number) => table.labelDiffers(row)] : []),
    ...(terms.verdicts.length > 0 ? [(row: number) => terms.verdicts.includes(table.verdict[row])] : []),
    ...terms.scores.map((range) => rangeMatcher(table.score, range)),
    ...terms.detections.map((range) => rangeMatcher(table.detectionScore, range)),
    ...terms.classes.map((name) => classMatcher(table, classes, name)),
    ...terms.folders.map((folder) => folderMatcher(table, folder)),
    ...terms.words.map((word) => wordMatcher(table, classes, word)),
  ];
  return matchers.reduce(keep, index.rows);
}

/** Those of the rows, in their order, that lie on the wanted side of δ. */
export function rowsOnSide(
  { levelled }: ScoreIndex,
  rows: Uint32Array,
  shown: ShownObjects,
  threshold: number,
): Uint32Array {
  if (shown === 'all') return rows;
  return keep(rows, (row) => isFlagged(levelled[row], threshold) === (shown === 'flagged'));
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

/** A plain loop: a typed array's own `filter` takes longer. */
export function keep(rows: Uint32Array, matches: Matcher): Uint32Array {
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (const row of rows) if (matches(row)) kept[count++] = row;
  return kept.slice(0, count);
}

type Matcher = (row: number) => boolean;

/** An object without such a score (NaN) is in no range. Compared as 32-bit floats: 0.2 is within `..0.2`. */
function rangeMatcher(column: Float32Array, range: ScoreRange): Matcher {
  const [least, most] = [Math.fround(range.least), Math.fround(range.most)];
  return (row) => column[row] >= least && column[row] <= most;
}

function classMatcher(table: ObjectTable, classes: readonly string[], name: string): Matcher {
  const wanted = classes.map((known) => known.toLowerCase().includes(name));
  return (row) => wanted[table.predictedClass[row]] ?? false;
}

function folderMatcher(table: ObjectTable, folder: string): Matcher {
  const inFolder = table.files.map((file) => file.toLowerCase().startsWith(`${folder}/`));
  return (row) => inFolder[table.fileIndex[row]] ?? false;
}
