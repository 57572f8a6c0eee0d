import * as z from 'zod/mini';
import { encodeColumn } from '../protocol/columns';
import { labelDisagreement, type LabelReader } from '../protocol/labelDisagreement';
import { verdictSchema, type Decision, type Verdict } from '../protocol/results';
import { verdictCodes, type ObjectColumns } from '../protocol/scan';
import type { AnnotatedReader } from './annotatedObjects';
import { blobSchema, fromBlob, fromOptionalBlob, type Blob } from './blobs';
import type { Connection } from './database';
import { judgedObjects } from './judgedObjects';
import type { FinishedObject } from './records';

type ColumnRow = [
  row: number,
  id: string,
  file: string,
  score: number,
  predictedClass: number,
  detectionScore: number | null,
  mcm: number,
  maxCosine: number,
  glMcm: number,
  runa: number,
  boxArea: number,
  label: string | null,
];

/** What a scan makes of the labels of its objects. */
export interface LabelReaders {
  /** Reads labels against the scan's classes. */
  labelled: LabelReader;
  annotated: AnnotatedReader;
}

/** What of the columns no verdict changes. */
export type FixedColumns = Omit<ObjectColumns, 'verdict' | 'assignedClass'>;

/** Columns before verdicts are told, with the row of the database that each object stands in: numbers may be missing between. */
export interface UnjudgedColumns {
  columns: FixedColumns;
  rows: Uint32Array;
}

/**
 * The objects from a row of the database on as columns, in the order they were scanned.
 *
 * @param position of the first of them among all objects of the scan.
 */
export function readColumns(
  connection: Connection,
  scanId: string,
  readers: LabelReaders,
  firstRow: number,
  position: number,
): ObjectColumns {
  const unjudged = readUnjudged(connection, scanId, readers, firstRow, position);
  // Few objects of many that may carry verdicts.
  return judged(unjudged, connection, scanId, 'object CROSS JOIN decision USING (decisionKey)', firstRow);
}

/** All objects of a scan as columns, in the order they were scanned. @param unjudged what was read of them. */
export function allColumns(connection: Connection, scanId: string, unjudged: UnjudgedColumns): ObjectColumns {
  return judged(unjudged, connection, scanId, judgedObjects, 0);
}

/** As `readColumns`, without verdicts. */
export function readUnjudged(
  connection: Connection,
  scanId: string,
  { labelled, annotated }: LabelReaders,
  firstRow: number,
  position: number,
): UnjudgedColumns {
  const rows = connection
    .prepare(
      `SELECT row, id, file, score, predictedClass, detectionScore, mcm, maxCosine, glMcm, runa, width * height, label
       FROM object WHERE scan = ? AND row >= ? ORDER BY row`,
    )
    .raw()
    .all(scanId, firstRow) as ColumnRow[];
  const files = new Map<string, number>();
  const fileIndex = Uint32Array.from(rows, ([, , file]) => {
    const known = files.get(file);
    if (known === undefined) files.set(file, files.size);
    return known ?? files.size - 1;
  });
  const float = (column: 3 | 5 | 6 | 7 | 8 | 9 | 10): string =>
    encodeColumn(Float32Array.from(rows, (row) => row[column] ?? NaN));
  return {
    rows: Uint32Array.from(rows, ([row]) => row),
    columns: {
      firstRow: position,
      count: rows.length,
      ids: rows.map(([, id]) => id),
      files: [...files.keys()],
      fileIndex: encodeColumn(fileIndex),
      score: float(3),
      predictedClass: encodeColumn(Uint16Array.from(rows, (row) => row[4])),
      detectionScore: float(5),
      boxArea: float(10),
      mcm: float(6),
      maxCosine: float(7),
      glMcm: float(8),
      runa: float(9),
      disagreement: encodeColumn(disagreements(connection, scanId, labelled, rows)),
      annotated: encodeColumn(Uint8Array.from(rows, (row) => Number(annotated(row[11])))),
    },
  };
}

/** @param source `decision` and `object` joined, in the order that costs least. */
function judged(
  { columns, rows }: UnjudgedColumns,
  connection: Connection,
  scanId: string,
  source: string,
  firstRow: number,
): ObjectColumns {
  const decided = connection
    .prepare(`SELECT row, verdict, class FROM ${source} WHERE scan = ? AND row >= ?`)
    .raw()
    .all(scanId, firstRow) as [number, Verdict, string | null][];
  const verdict = new Uint8Array(rows.length);
  const assignedClass: Record<string, string> = {};
  const positionOf =
    decided.length > 0 ? new Map(Array.from(rows, (row, at) => [row, at])) : new Map<number, number>();
  for (const [row, given, name] of decided) {
    const at = positionOf.get(row);
    if (at === undefined) continue;
    verdict[at] = verdictCodes.indexOf(given);
    if (name !== null) assignedClass[columns.firstRow + at] = name;
  }
  return { ...columns, verdict: encodeColumn(verdict), assignedClass };
}

/** NaN where the label names no class. Scores of classes are read only where it names another than the best one. */
function disagreements(
  connection: Connection,
  scanId: string,
  labelled: LabelReader,
  rows: readonly ColumnRow[],
): Float32Array {
  const named = rows.map((row) => labelled(row[11]));
  const differs = rows.flatMap(([row, , , , predictedClass], at) =>
    named[at] === null || named[at] === predictedClass ? [] : [row],
  );
  const scores = new Map(
    differs.length === 0
      ? []
      : (connection
          .prepare(
            'SELECT row, classScores FROM object WHERE scan = ? AND row IN (SELECT value FROM json_each(?))',
          )
          .raw()
          .all(scanId, JSON.stringify(differs)) as [number, Blob][]),
  );
  return Float32Array.from(rows, ([row], at) => {
    const blob = scores.get(row);
    return blob ? (labelDisagreement(named[at], fromBlob(blob)) ?? NaN) : named[at] === null ? NaN : 0;
  });
}

/** An object as it is stored, with its image's file and the reviewer's decision. Its embedding stands apart. */
export interface StoredObject extends Omit<FinishedObject, 'embedding'> {
  file: string;
  decision: Decision | null;
}

const number = z.number();
const objectSchema = z.object({
  id: z.string(),
  decisionKey: z.string(),
  file: z.string(),
  ordinal: z.int(),
  ...{ x: number, y: number, width: number, height: number },
  label: z.nullable(z.string()),
  detectionScore: z.nullable(number),
  score: number,
  predictedClass: z.int(),
  ...{ mcm: number, maxCosine: number, glMcm: number, runa: number },
  ...{ cropX: number, cropY: number, cropWidth: number, cropHeight: number },
  classScores: blobSchema,
  betaIntra: blobSchema,
  muTarget: blobSchema,
  betaInter: z.nullable(blobSchema),
  muBackground: z.nullable(blobSchema),
  verdict: z.nullable(verdictSchema),
  class: z.nullable(z.string()),
  at: z.nullable(z.string()),
});

const selectObjects = `
  SELECT object.id, object.decisionKey, object.file, ordinal, x, y, object.width, object.height, label, detectionScore,
    score, predictedClass, mcm, maxCosine, glMcm, runa, cropX, cropY, cropWidth, cropHeight, classScores, betaIntra,
    muTarget, betaInter, muBackground, verdict, class, at
  FROM object LEFT JOIN decision USING (decisionKey)`;

/** @throws Error when the scan has no such object. */
export function readObject(connection: Connection, scanId: string, id: string): StoredObject {
  const row = connection.prepare(`${selectObjects} WHERE scan = ? AND object.id = ?`).get(scanId, id);
  if (!row) throw new Error('This object is not in the scan any more. Reload the review.');
  return toObject(row);
}

/** The objects of an image, in order. */
export function readImageObjects(connection: Connection, scanId: string, file: string): StoredObject[] {
  return connection
    .prepare(`${selectObjects} WHERE scan = ? AND object.file = ? ORDER BY ordinal`)
    .all(scanId, file)
    .map(toObject);
}

/** Every object in the folder's order, whatever order it was scanned in. */
export function* eachObject(connection: Connection, scanId: string): Generator<StoredObject> {
  const files = connection
    .prepare('SELECT file FROM image WHERE scan = ? ORDER BY position, file')
    .raw()
    .all(scanId) as [string][];
  for (const [file] of files) yield* readImageObjects(connection, scanId, file);
}

function toObject(raw: unknown): StoredObject {
  const row = z.parse(objectSchema, raw);
  return {
    id: row.id,
    decisionKey: row.decisionKey,
    file: row.file,
    ordinal: row.ordinal,
    bbox: [row.x, row.y, row.width, row.height],
    label: row.label,
    detectionScore: row.detectionScore,
    score: row.score,
    predictedClass: row.predictedClass,
    baselines: { mcm: row.mcm, maxCosine: row.maxCosine, glMcm: row.glMcm, runa: row.runa },
    crop: [row.cropX, row.cropY, row.cropWidth, row.cropHeight],
    classScores: fromBlob(row.classScores),
    betaIntra: fromBlob(row.betaIntra),
    muTarget: fromBlob(row.muTarget),
    betaInter: fromOptionalBlob(row.betaInter),
    muBackground: fromOptionalBlob(row.muBackground),
    decision:
      row.verdict && row.at
        ? { verdict: row.verdict, ...(row.class === null ? {} : { class: row.class }), at: row.at }
        : null,
  };
}

/** An image of a scan as it is stored. */
export interface StoredImage {
  file: string;
  sha256: string;
  width: number;
  height: number;
}

const imageSchema = z.object({ file: z.string(), sha256: z.string(), width: z.int(), height: z.int() });

export function readImages(connection: Connection, scanId: string): StoredImage[] {
  return connection
    .prepare('SELECT file, sha256, width, height FROM image WHERE scan = ? ORDER BY position, file')
    .all(scanId)
    .map((row) => z.parse(imageSchema, row));
}

/** @throws Error when the scan has no such image. */
export function readImage(connection: Connection, scanId: string, file: string): StoredImage {
  return z.parse(
    imageSchema,
    connection
      .prepare('SELECT file, sha256, width, height FROM image WHERE scan = ? AND file = ?')
      .get(scanId, file),
  );
}

/** Score, predicted class, label and image, with the hash of its bytes, of every object whose annotation names a class. */
export function labelledScores(
  connection: Connection,
  scanId: string,
): { score: number; predictedClass: number; label: string; file: string; sha256: string }[] {
  const rows = connection
    .prepare(
      `SELECT object.score, predictedClass, label, object.file, image.sha256 FROM object
       JOIN image ON image.scan = object.scan AND image.file = object.file
       WHERE object.scan = ? AND label IS NOT NULL ORDER BY row`,
    )
    .raw()
    .all(scanId) as [number, number, string, string, string][];
  return rows.map(([score, predictedClass, label, file, sha256]) => {
    return { score, predictedClass, label, file, sha256 };
  });
}

/** Scores of all objects of a scan. */
export function allScores(connection: Connection, scanId: string): number[] {
  const rows = connection.prepare('SELECT score FROM object WHERE scan = ?').raw().all(scanId) as [number][];
  return rows.map(([score]) => score);
}
