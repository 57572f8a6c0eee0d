import type { BoundingBox } from '../protocol/results';
import type { Connection } from './database';

/** An object of a scan as far as it is compared with those of another scan. */
export interface ScoredBox {
  readonly id: string;
  /** The object across scans: the same file, bytes and box. */
  readonly decisionKey: string;
  readonly file: string;
  readonly bbox: BoundingBox;
  readonly score: number;
  readonly predictedClass: number;
}

type Row = [
  id: string,
  decisionKey: string,
  file: string,
  x: number,
  y: number,
  width: number,
  height: number,
  score: number,
  predictedClass: number,
];

/** All objects of a scan, in the order of its columns. */
export function readScoredBoxes(connection: Connection, scanId: string): ScoredBox[] {
  const rows = connection
    .prepare(
      `SELECT id, decisionKey, file, x, y, width, height, score, predictedClass
       FROM object WHERE scan = ? ORDER BY row`,
    )
    .raw()
    .all(scanId) as Row[];
  return rows.map(([id, decisionKey, file, x, y, width, height, score, predictedClass]) => ({
    id,
    decisionKey,
    file,
    bbox: [x, y, width, height],
    score,
    predictedClass,
  }));
}
