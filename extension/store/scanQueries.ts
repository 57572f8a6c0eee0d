import * as z from 'zod/mini';
import { scanConfigurationSchema, type ScanConfiguration } from '../protocol/methodConfiguration';
import { modelIdentitySchema, type ModelIdentity, type UnreadableFile } from '../protocol/results';
import {
  scanStateSchema,
  thresholdSchema,
  type ScanState,
  type ScanSummary,
  type Threshold,
} from '../protocol/scan';
import { blobSchema, fromBlob } from './blobs';
import type { Connection } from './database';

/** A scan as it is stored. */
export interface StoredScan {
  id: string;
  createdAt: string;
  state: ScanState;
  classes: string[];
  model: ModelIdentity;
  configuration: ScanConfiguration;
  boxesOrigin: string;
  deviceFallback: string | null;
  imagesTotal: number;
  grid: [number, number];
  interTextAttention: Float32Array;
  /** The δ in force: the user's, else the calibrated, else the estimated, else the bundle's. */
  threshold: Threshold;
  /** The δ the user's stands in front of. */
  measuredThreshold: Threshold;
  calibrationScores: Float32Array;
}

const rowSchema = z.object({
  id: z.string(),
  createdAt: z.string(),
  state: scanStateSchema,
  classes: z.string(),
  model: z.string(),
  configuration: z.string(),
  boxesOrigin: z.string(),
  deviceFallback: z.nullable(z.string()),
  imagesTotal: z.int(),
  gridRows: z.int(),
  gridColumns: z.int(),
  interTextAttention: blobSchema,
  bundleThreshold: z.string(),
  calibratedThreshold: z.nullable(z.string()),
  estimatedThreshold: z.nullable(z.string()),
  calibrationScores: z.nullable(blobSchema),
  userThreshold: z.nullable(z.number()),
});

/** @throws Error when there is no such scan. */
export function readScan(connection: Connection, scanId: string): StoredScan {
  const found = connection.prepare('SELECT * FROM scan WHERE id = ?').get(scanId);
  if (!found) throw new Error('This scan is not stored any more. Scan the folder again.');
  const row = z.parse(rowSchema, found);
  const measuredThreshold = z.parse(
    thresholdSchema,
    JSON.parse(row.calibratedThreshold ?? row.estimatedThreshold ?? row.bundleThreshold),
  );
  return {
    id: row.id,
    createdAt: row.createdAt,
    state: row.state,
    classes: z.parse(z.array(z.string()), JSON.parse(row.classes)),
    model: z.parse(modelIdentitySchema, JSON.parse(row.model)),
    configuration: z.parse(scanConfigurationSchema, JSON.parse(row.configuration)),
    boxesOrigin: row.boxesOrigin,
    deviceFallback: row.deviceFallback,
    imagesTotal: row.imagesTotal,
    grid: [row.gridRows, row.gridColumns],
    interTextAttention: fromBlob(row.interTextAttention),
    threshold: row.userThreshold === null ? measuredThreshold : userThreshold(row.userThreshold),
    measuredThreshold,
    calibrationScores: row.calibrationScores ? fromBlob(row.calibrationScores) : new Float32Array(),
  };
}

function userThreshold(value: number): Threshold {
  return { value, source: 'user', truePositiveRate: null, origin: 'Set by hand.', warning: null };
}

export function summarise(connection: Connection, folder: string, scan: StoredScan): ScanSummary {
  const count = (sql: string, ...parameters: unknown[]): number =>
    (
      connection
        .prepare(sql)
        .raw()
        .get(...parameters) as [number]
    )[0];
  const unreadable = count('SELECT count(*) FROM unreadable WHERE scan = ?', scan.id);
  return {
    reference: { folder, scanId: scan.id },
    state: scan.state,
    createdAt: scan.createdAt,
    classes: scan.classes,
    model: scan.model,
    combiner: scan.configuration.combiner ?? null,
    boxesOrigin: scan.boxesOrigin,
    deviceFallback: scan.deviceFallback,
    images: {
      total: scan.imagesTotal,
      done: count('SELECT count(*) FROM image WHERE scan = ?', scan.id) + unreadable,
      unreadable,
    },
    leftOut: count('SELECT count(*) FROM leftOut WHERE scan = ?', scan.id),
    objects: count('SELECT count(*) FROM object WHERE scan = ?', scan.id),
    flagged: count('SELECT count(*) FROM object WHERE scan = ? AND score < ?', scan.id, scan.threshold.value),
    reviewedFlagged: count(
      'SELECT count(*) FROM decision JOIN object USING (decisionKey) WHERE scan = ? AND score < ?',
      scan.id,
      scan.threshold.value,
    ),
    threshold: scan.threshold,
  };
}

/** Images that could not be read. */
export function unreadableFiles(connection: Connection, scanId: string): UnreadableFile[] {
  return problemsIn('unreadable', connection, scanId);
}

/** Annotation files, entries and boxes that could not be used. */
export function leftOutAnnotations(connection: Connection, scanId: string): UnreadableFile[] {
  return problemsIn('leftOut', connection, scanId);
}

function problemsIn(
  table: 'unreadable' | 'leftOut',
  connection: Connection,
  scanId: string,
): UnreadableFile[] {
  const rows = connection
    .prepare(`SELECT DISTINCT file, reason FROM ${table} WHERE scan = ? ORDER BY file, reason`)
    .raw()
    .all(scanId) as [string, string][];
  return rows.map(([file, reason]) => ({ file, reason }));
}
