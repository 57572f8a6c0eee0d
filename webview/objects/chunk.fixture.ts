import { encodeColumn } from '../../extension/protocol/columns';
import type { ObjectColumns } from '../../extension/protocol/scan';

/** A chunk of objects for tests: one score each, files by turns, the other methods as given or equal to the score. */
export function chunkOf(
  scores: readonly number[],
  firstRow = 0,
  changes: Partial<ObjectColumns> = {},
): ObjectColumns {
  const rows = scores.map((_, index) => firstRow + index);
  const floats = encodeColumn(Float32Array.from(scores));
  return {
    firstRow,
    count: scores.length,
    ids: rows.map((row) => `id-${row}`),
    files: ['pets/cat_1.jpg', 'trips/palace.jpg'],
    fileIndex: encodeColumn(Uint32Array.from(rows, (row) => row % 2)),
    score: floats,
    predictedClass: encodeColumn(Uint16Array.from(rows, (row) => row % 3)),
    detectionScore: floats,
    boxArea: floats,
    mcm: floats,
    maxCosine: floats,
    glMcm: floats,
    runa: floats,
    verdict: encodeColumn(new Uint8Array(scores.length)),
    disagreement: encodeColumn(new Float32Array(scores.length).fill(NaN)),
    annotated: encodeColumn(new Uint8Array(scores.length)),
    assignedClass: {},
    ...changes,
  };
}
