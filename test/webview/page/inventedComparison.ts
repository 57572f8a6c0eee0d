import { encodeColumn } from '../../../extension/protocol/columns';
import { objectRelations, type ScanComparison } from '../../../extension/protocol/comparison';
import type { ScanSummary } from '../../../extension/protocol/scan';
import { gaussian, seededRandom } from './seededRandom';

/**
 * Another scan of the invented folder, beside the first: a model whose scores have a range of their own, which knows no
 * `person`, missed every 50th object, boxed every 20th one a little otherwise, and did not come to the last objects.
 */
export function inventedComparison(
  summary: ScanSummary,
  scores: Float32Array,
  classNames: readonly string[],
): ScanComparison {
  const random = seededRandom(4711);
  const others = scores.map((score) => 0.4 + 1.5 * (score + 0.02 * gaussian(random)));
  const classes = summary.classes.filter((name) => name !== 'person');
  const notCompared = scores.length - Math.ceil(scores.length / 40);
  const relation = Uint8Array.from(scores, (_, row) =>
    objectRelations.indexOf(row >= notCompared ? 'notCompared' : row % 50 === 7 ? 'onlyHere' : 'both'),
  );
  const inBoth = [...scores.keys()].filter((row) => relation[row] === objectRelations.indexOf('both'));
  const column = (valueOf: (row: number) => number): string => {
    const values = new Float32Array(scores.length).fill(NaN);
    for (const row of inBoth) values[row] = valueOf(row);
    return encodeColumn(values);
  };
  const percentiles = (of: Float32Array): Map<number, number> => {
    const order = [...inBoth].sort((a, b) => of[a] - of[b]);
    return new Map(order.map((row, place) => [row, place / Math.max(1, order.length - 1)]));
  };
  const [here, there] = [percentiles(scores), percentiles(others)];
  return {
    other: {
      ...summary,
      reference: { ...summary.reference, scanId: 'scan-2' },
      state: 'stopped',
      createdAt: '2026-11-20T09:30:00Z',
      classes,
      model: { id: 'clip-vit-b16', version: '1.0.0', sha256: '1'.repeat(64) },
      threshold: { ...summary.threshold, value: 0.8065 },
    },
    photos: {
      compared: Math.ceil(notCompared / 5),
      onlyHere: Math.ceil((scores.length - notCompared) / 5),
      onlyThere: 0,
      changed: 0,
    },
    onlyThere: 23,
    rankCorrelation: 0.871,
    columns: {
      count: scores.length,
      relation: encodeColumn(relation),
      overlap: column((row) => (row % 20 === 3 ? 0.82 : 1)),
      score: column((row) => others[row]),
      predictedClass: encodeColumn(
        Uint16Array.from(scores, (_, row) =>
          Math.max(0, classes.indexOf(row % 7 === 0 ? 'sheep' : classNames[row])),
        ),
      ),
      percentile: column((row) => here.get(row) ?? NaN),
      otherPercentile: column((row) => there.get(row) ?? NaN),
    },
  };
}
