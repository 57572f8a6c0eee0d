import * as z from 'zod/mini';
import { annotationSourceSchema, type AnnotationSource } from '../protocol/annotationSource';
import { classOffsets, thresholdsByClass } from '../protocol/classThresholds';
import { scanConfigurationSchema, type ScanConfiguration } from '../protocol/methodConfiguration';
import { modelIdentitySchema, type ModelIdentity, type UnreadableFile } from '../protocol/results';
import {
  scanSettingsSchema,
  scanStateSchema,
  thresholdSchema,
  type ScanSettings,
  type ScanState,
  type ScanSummary,
  type Threshold,
} from '../protocol/scan';
import { usualTruePositiveRate } from '../protocol/truePositiveRate';
import { blobSchema, fromBlob } from './blobs';
import type { Connection } from './database';
import { flaggedCondition } from './flaggedCondition';
import { judgedObjects } from './judgedObjects';

/** A scan as it is stored. */
export interface StoredScan {
  id: string;
  createdAt: string;
  state: ScanState;
  classes: string[];
  model: ModelIdentity;
  configuration: ScanConfiguration;
  settings: ScanSettings | null;
  boxesOrigin: string;
  /** Null also where the scan was begun before this was written down. */
  annotations: AnnotationSource | null;
  deviceFallback: string | null;
  imagesTotal: number;
  grid: [number, number];
  interTextAttention: Float32Array;
  /** The δ in force: the user's, else the calibrated, else the estimated, else the bundle's. */
  threshold: Threshold;
  /** The δ the user's stands in front of. */
  measuredThreshold: Threshold;
  /** The rate δ is calibrated at, the next time it is. */
  truePositiveRate: number;
  /** The δ in force of each class. */
  thresholds: Float64Array;
  /** Scores of the calibration objects less the offset of their class, so that the common δ parts them. */
  calibrationScores: Float32Array;
}

const rowSchema = z.object({
  id: z.string(),
  createdAt: z.string(),
  state: scanStateSchema,
  classes: z.string(),
  model: z.string(),
  configuration: z.string(),
  settings: z.nullable(z.string()),
  boxesOrigin: z.string(),
  annotations: z.nullable(z.string()),
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
  thresholdPerClass: z.int(),
  calibrationClasses: z.nullable(z.string()),
  truePositiveRate: z.nullable(z.number()),
});

/** @throws Error when there is no such scan. */
export function readScan(connection: Connection, scanId: string): StoredScan {
  const found = connection.prepare('SELECT * FROM scan WHERE id = ?').get(scanId);
  if (!found) throw new Error('This scan is not stored any more. Scan the folder again.');
  const row = z.parse(rowSchema, found);
  const classes = z.parse(z.array(z.string()), JSON.parse(row.classes));
  const measuredThreshold = asChosen(readMeasured(row), row.thresholdPerClass === 1);
  const threshold =
    row.userThreshold === null ? measuredThreshold : movedThreshold(measuredThreshold, row.userThreshold);
  return {
    id: row.id,
    createdAt: row.createdAt,
    state: row.state,
    classes,
    model: z.parse(modelIdentitySchema, JSON.parse(row.model)),
    configuration: z.parse(scanConfigurationSchema, JSON.parse(row.configuration)),
    settings: row.settings === null ? null : z.parse(scanSettingsSchema, JSON.parse(row.settings)),
    boxesOrigin: row.boxesOrigin,
    annotations:
      row.annotations === null ? null : z.parse(annotationSourceSchema, JSON.parse(row.annotations)),
    deviceFallback: row.deviceFallback,
    imagesTotal: row.imagesTotal,
    grid: [row.gridRows, row.gridColumns],
    interTextAttention: fromBlob(row.interTextAttention),
    threshold,
    measuredThreshold,
    truePositiveRate: row.truePositiveRate ?? usualTruePositiveRate,
    thresholds: thresholdsByClass(threshold, classes),
    calibrationScores: levelledScores(row, classOffsets(threshold, classes)),
  };
}

function readMeasured({
  calibratedThreshold,
  estimatedThreshold,
  bundleThreshold,
}: z.infer<typeof rowSchema>): Threshold {
  if (calibratedThreshold === null)
    return z.parse(thresholdSchema, JSON.parse(estimatedThreshold ?? bundleThreshold));
  // Before the rate could be chosen, it was not written down.
  return {
    calibratedAt: usualTruePositiveRate,
    ...z.parse(thresholdSchema, JSON.parse(calibratedThreshold)),
  };
}

/** The calibrated δ with one a class in force, or with one for all. */
function asChosen(threshold: Threshold, chosen: boolean): Threshold {
  const { perClass } = threshold;
  if (!perClass || !chosen) return threshold;
  const { truePositiveRate, origin } = perClass;
  return { ...threshold, truePositiveRate, origin, perClass: { ...perClass, chosen } };
}

/** The user's δ; classes with their own keep their distance from it. */
function movedThreshold({ perClass, calibratedAt }: Threshold, value: number): Threshold {
  const moved = perClass?.chosen === true && perClass.classes.length > 0;
  return {
    value,
    source: 'user',
    truePositiveRate: null,
    origin: moved ? 'Set by hand. Thresholds of single classes moved with it.' : 'Set by hand.',
    warning: null,
    ...(calibratedAt === undefined ? {} : { calibratedAt }),
    ...(perClass ? { perClass } : {}),
  };
}

function levelledScores(
  {
    calibrationScores,
    calibrationClasses,
  }: Pick<z.infer<typeof rowSchema>, 'calibrationScores' | 'calibrationClasses'>,
  offsets: Float64Array,
): Float32Array {
  const scores = calibrationScores ? fromBlob(calibrationScores) : new Float32Array();
  if (offsets.length === 0) return scores;
  const classes = z.parse(z.array(z.int()), JSON.parse(calibrationClasses ?? '[]'));
  return scores.map((score, at) => score - (offsets[classes[at]] ?? 0));
}

export function summarise(connection: Connection, folder: string, scan: StoredScan): ScanSummary {
  const count = (sql: string, ...parameters: unknown[]): number =>
    (
      connection
        .prepare(sql)
        .raw()
        .get(...parameters) as [number]
    )[0];
  const flagged = flaggedCondition(scan);
  const unreadable = count('SELECT count(*) FROM unreadable WHERE scan = ?', scan.id);
  return {
    reference: { folder, scanId: scan.id },
    state: scan.state,
    createdAt: scan.createdAt,
    classes: scan.classes,
    model: scan.model,
    settings: scan.settings,
    combiner: scan.configuration.combiner ?? null,
    boxesOrigin: scan.boxesOrigin,
    annotations: scan.annotations,
    deviceFallback: scan.deviceFallback,
    images: {
      total: scan.imagesTotal,
      done: count('SELECT count(*) FROM image WHERE scan = ?', scan.id) + unreadable,
      unreadable,
    },
    leftOut: count('SELECT count(*) FROM leftOut WHERE scan = ?', scan.id),
    objects: count('SELECT count(*) FROM object WHERE scan = ?', scan.id),
    flagged: count(
      `SELECT count(*) FROM object WHERE scan = ? AND ${flagged.sql}`,
      scan.id,
      ...flagged.parameters,
    ),
    reviewedFlagged: count(
      `SELECT count(*) FROM ${judgedObjects} WHERE scan = ? AND ${flagged.sql}`,
      scan.id,
      ...flagged.parameters,
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
