import { scanSummary } from '../../test/fixtures/scanSummary';
import { encodeColumn } from '../../extension/protocol/columns';
import {
  objectRelations,
  type ObjectRelation,
  type ScanComparison,
} from '../../extension/protocol/comparison';

/** What another scan says of an object, for tests; without a score it is not in both. */
export interface ComparedRow {
  readonly relation: ObjectRelation;
  readonly score?: number;
  readonly predictedClass?: number;
  readonly percentiles?: readonly [here: number, there: number];
  readonly overlap?: number;
}

/** A comparison with a scan of horses and cows; its δ is 0.5. */
export function comparisonOf(rows: readonly ComparedRow[]): ScanComparison {
  const floats = (valueOf: (row: ComparedRow) => number | undefined): string =>
    encodeColumn(Float32Array.from(rows, (row) => valueOf(row) ?? NaN));
  return {
    other: scanSummary({ classes: ['horse', 'cow'] }),
    photos: { compared: 1, onlyHere: 0, onlyThere: 0, changed: 0 },
    onlyThere: 0,
    rankCorrelation: null,
    columns: {
      count: rows.length,
      relation: encodeColumn(Uint8Array.from(rows, ({ relation }) => objectRelations.indexOf(relation))),
      overlap: floats(({ overlap }) => overlap),
      score: floats(({ score }) => score),
      predictedClass: encodeColumn(Uint16Array.from(rows, ({ predictedClass = 0 }) => predictedClass)),
      percentile: floats(({ percentiles }) => percentiles?.[0]),
      otherPercentile: floats(({ percentiles }) => percentiles?.[1]),
    },
  };
}
