import type { UnreadableFile } from '../protocol/results';
import type {
  DecisionChange,
  HistoryDirection,
  ObjectColumns,
  ScanReference,
  ScanState,
  ScanSummary,
  Threshold,
} from '../protocol/scan';
import { toBlob } from './blobs';
import { inOneStep, openDatabase, type Connection } from './database';
import type { FinishedImage, FinishedObject, NewScan } from './records';
import { labelReaders } from './annotatedObjects';
import { embeddingWriter } from './embeddings';
import { keepColumns, readAllColumns } from './keptColumns';
import { dropKept } from './dropKept';
import { isScanRunning } from './scanLock';
import { readScan, summarise, type StoredScan } from './scanQueries';
import {
  keepGivenVerdict,
  moveInHistory,
  storeVerdicts,
  type HistoryStep,
  type PassedOver,
} from './verdictHistory';

/** A file that was finished in an earlier run. */
export interface KnownFile {
  size: number;
  modifiedMilliseconds: number;
}

/** Writes of one folder's scans, objects and verdicts. Every write is on the disk when its call returns. */
export class ScanStore {
  private constructor(
    readonly directory: string,
    readonly connection: Connection,
    /** The name a damaged database was moved to when this one was opened; null when all was well. */
    readonly movedAside: string | null,
  ) {}

  /** @param directory the folder's state directory. @throws UserFacingError when it cannot be opened. */
  static open(directory: string): ScanStore {
    const { connection, movedAside } = openDatabase(directory);
    return new ScanStore(directory, connection, movedAside);
  }

  close(): void {
    try {
      // The library leaves all in the write-ahead log, and a person may copy the database alone.
      this.connection.pragma('wal_checkpoint(TRUNCATE)');
    } catch {
      // The disk is full, or another process reads: the log holds all that was committed.
    }
    this.connection.close();
  }

  /** Makes a scan, or takes up the one of the same id; what it has finished stays. */
  beginScan(scan: NewScan, now: string): void {
    this.inOneStep(() => {
      dropKept(this.connection, scan.id);
      this.writeScan(scan, now);
      const tuned = this.connection.prepare(
        'INSERT OR IGNORE INTO tunedPicture (scan, sha256) VALUES (?, ?)',
      );
      for (const sha256 of scan.tunedPictures) tuned.run(scan.id, sha256);
    });
  }

  private writeScan(scan: NewScan, now: string): void {
    this.connection
      .prepare(
        `INSERT INTO scan (id, createdAt, updatedAt, state, classes, model, configuration, boxesOrigin, imagesTotal,
           gridRows, gridColumns, interTextAttention, bundleThreshold, deviceFallback, settings, annotations,
           truePositiveRate)
         VALUES (?, ?, ?, 'scanning', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET updatedAt = excluded.updatedAt, state = 'scanning',
           imagesTotal = excluded.imagesTotal, boxesOrigin = excluded.boxesOrigin,
           deviceFallback = excluded.deviceFallback, settings = excluded.settings,
           annotations = excluded.annotations`,
      )
      .run(
        scan.id,
        now,
        now,
        JSON.stringify(scan.classes),
        JSON.stringify(scan.model),
        JSON.stringify(scan.configuration),
        scan.boxesOrigin,
        scan.imagesTotal,
        scan.grid[0],
        scan.grid[1],
        toBlob(scan.interTextAttention),
        JSON.stringify(scan.bundleThreshold),
        scan.deviceFallback,
        JSON.stringify(scan.settings),
        scan.annotations && JSON.stringify(scan.annotations),
        scan.truePositiveRate,
      );
  }

  setState(scanId: string, state: ScanState, now: string): void {
    this.connection.prepare('UPDATE scan SET state = ?, updatedAt = ? WHERE id = ?').run(state, now, scanId);
  }

  /** Forgets a scan and its results; verdicts stay, since they are said of objects and not of a scan. */
  removeScan(scanId: string): void {
    this.connection.prepare('DELETE FROM scan WHERE id = ?').run(scanId);
  }

  /** Files whose results are stored, by name. */
  finishedFiles(scanId: string): Map<string, KnownFile> {
    const rows = this.connection
      .prepare('SELECT file, size, modified FROM image WHERE scan = ?')
      .raw()
      .all(scanId) as [string, number, number][];
    return new Map(rows.map(([file, size, modifiedMilliseconds]) => [file, { size, modifiedMilliseconds }]));
  }

  /** Drops an image with its objects, because it changed or is gone. */
  dropImage(scanId: string, file: string): void {
    this.inOneStep(() => {
      dropKept(this.connection, scanId);
      for (const table of ['object', 'image', 'unreadable', 'inFlight'])
        this.connection.prepare(`DELETE FROM ${table} WHERE scan = ? AND file = ?`).run(scanId, file);
      this.connection.prepare('DELETE FROM leftOut WHERE scan = ? AND image = ?').run(scanId, file);
    });
  }

  /** Says that work on a file begins; what is still said when an engine starts was cut short by the end of one. */
  markInFlight(scanId: string, file: string): void {
    this.connection
      .prepare(
        'INSERT INTO inFlight (scan, file, stops, isUnderWay) VALUES (?, ?, 0, 1) ON CONFLICT (scan, file) DO UPDATE SET isUnderWay = 1',
      )
      .run(scanId, file);
  }

  /** Counts the files a stopped engine was at work on. @returns how often each was among them. */
  countInterrupted(scanId: string): Map<string, number> {
    this.connection
      .prepare('UPDATE inFlight SET stops = stops + 1, isUnderWay = 0 WHERE scan = ? AND isUnderWay = 1')
      .run(scanId);
    const rows = this.connection
      .prepare('SELECT file, stops FROM inFlight WHERE scan = ?')
      .raw()
      .all(scanId) as [string, number][];
    return new Map(rows);
  }

  /** Forgets files whose work was given up in good order; those that once stopped an engine stay counted. */
  unmarkInFlight(scanId: string): void {
    this.connection.prepare('DELETE FROM inFlight WHERE scan = ? AND stops = 0').run(scanId);
    this.connection.prepare('UPDATE inFlight SET isUnderWay = 0 WHERE scan = ?').run(scanId);
  }

  /** Puts finished images in the order of the folder as it is now. */
  setPositions(scanId: string, files: readonly string[]): void {
    const finished = this.finishedFiles(scanId);
    this.inOneStep(() => {
      const set = this.connection.prepare('UPDATE image SET position = ? WHERE scan = ? AND file = ?');
      files.forEach((file, position) => {
        if (finished.has(file)) set.run(position, scanId, file);
      });
    });
  }

  /** Stores a finished image with all its objects, or nothing of it. @returns the row of its first object. */
  recordImage(
    scanId: string,
    image: FinishedImage,
    objects: readonly FinishedObject[],
    leftOut: readonly UnreadableFile[] = [],
  ): number {
    return this.inOneStep(() => {
      dropKept(this.connection, scanId);
      this.connection.prepare('DELETE FROM inFlight WHERE scan = ? AND file = ?').run(scanId, image.file);
      this.connection.prepare('DELETE FROM unreadable WHERE scan = ? AND file = ?').run(scanId, image.file);
      this.connection
        .prepare(
          'INSERT INTO image (scan, file, sha256, width, height, size, modified, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        )
        .run(
          scanId,
          image.file,
          image.sha256,
          image.width,
          image.height,
          image.size,
          image.modifiedMilliseconds,
          image.position,
        );
      const [firstRow] = this.connection
        .prepare('SELECT coalesce(max(row) + 1, 0) FROM object WHERE scan = ?')
        .raw()
        .get(scanId) as [number];
      const insert = this.connection.prepare(
        `INSERT INTO object (scan, row, id, decisionKey, file, ordinal, x, y, width, height, label, detectionScore, score,
           predictedClass, mcm, maxCosine, glMcm, runa, cropX, cropY, cropWidth, cropHeight, classScores, betaIntra,
           muTarget, betaInter, muBackground)
         VALUES (${new Array(27).fill('?').join(', ')})`,
      );
      const insertEmbedding = embeddingWriter(this.connection, scanId);
      objects.forEach((object, at) => {
        insert.run(...objectRow(scanId, firstRow + at, image.file, object));
        insertEmbedding(firstRow + at, object.embedding);
        keepGivenVerdict(this.connection, object);
      });
      this.recordLeftOut(scanId, leftOut, image.file);
      return firstRow;
    });
  }

  recordUnreadable(scanId: string, file: string, reason: string): void {
    this.inOneStep(() => {
      this.connection.prepare('DELETE FROM inFlight WHERE scan = ? AND file = ?').run(scanId, file);
      this.recordPassedOver(scanId, file, reason);
    });
  }

  /** A file that stopped engines is reported, and stays counted, so that later scans pass it over too. */
  recordPassedOver(scanId: string, file: string, reason: string): void {
    this.connection
      .prepare('INSERT OR REPLACE INTO unreadable (scan, file, reason) VALUES (?, ?, ?)')
      .run(scanId, file, reason);
  }

  /**
   * Tells of annotations that could not be used.
   *
   * @param image the image they are said of; '' for those of the dataset as a whole.
   */
  recordLeftOut(scanId: string, problems: readonly UnreadableFile[], image = ''): void {
    const insert = this.connection.prepare(
      'INSERT OR REPLACE INTO leftOut (scan, image, file, reason) VALUES (?, ?, ?, ?)',
    );
    for (const { file, reason } of problems) insert.run(scanId, image, file, reason);
  }

  /** Forgets what could not be read or used, before it is tried again. What is said of a finished image stays. */
  clearProblems(scanId: string): void {
    this.inOneStep(() => {
      this.connection.prepare('DELETE FROM unreadable WHERE scan = ?').run(scanId);
      this.connection.prepare("DELETE FROM leftOut WHERE scan = ? AND image = ''").run(scanId);
    });
  }

  /** Stores verdicts in one transaction, and keeps what they replace. */
  decide(scanId: string, changes: readonly DecisionChange[], now: string): PassedOver {
    return this.inOneStep(() => storeVerdicts(this.connection, scanId, changes, now));
  }

  /**
   * Undoes the folder's last step of verdicts, or does the one undone last again.
   *
   * @param step the only one that it may be.
   * @throws Error when there is no such scan, whose objects would show what was done.
   */
  moveInHistory(scanId: string, direction: HistoryDirection, step?: string): HistoryStep {
    return this.inOneStep(() => {
      readScan(this.connection, scanId);
      return moveInHistory(this.connection, scanId, direction, step);
    });
  }

  /** The user's δ; null takes it back. */
  setUserThreshold(scanId: string, value: number | null): void {
    this.connection.prepare('UPDATE scan SET userThreshold = ? WHERE id = ?').run(value, scanId);
  }

  /** Whether classes with a calibrated δ of their own are flagged by it. */
  setThresholdPerClass(scanId: string, chosen: boolean): void {
    this.connection.prepare('UPDATE scan SET thresholdPerClass = ? WHERE id = ?').run(Number(chosen), scanId);
  }

  /** The rate δ is calibrated at from now on. The person's own δ would hide what comes of it, so it is taken back. */
  setTruePositiveRate(scanId: string, rate: number): void {
    this.connection
      .prepare('UPDATE scan SET truePositiveRate = ?, userThreshold = NULL WHERE id = ?')
      .run(rate, scanId);
  }

  /** SHA-256 of the photos that the scan's combiner was tuned on; none for one that was begun before they were kept. */
  tunedPictures(scanId: string): Set<string> {
    const rows = this.connection.prepare('SELECT sha256 FROM tunedPicture WHERE scan = ?').raw().all(scanId);
    return new Set((rows as [string][]).map(([sha256]) => sha256));
  }

  /** @param objects those δ was calibrated on. */
  setCalibration(
    scanId: string,
    threshold: Threshold | null,
    objects: readonly { score: number; predictedClass: number }[],
  ): void {
    this.connection
      .prepare(
        'UPDATE scan SET calibratedThreshold = ?, calibrationScores = ?, calibrationClasses = ? WHERE id = ?',
      )
      .run(
        threshold && JSON.stringify(threshold),
        toBlob(Float32Array.from(objects, ({ score }) => score)),
        JSON.stringify(objects.map(({ predictedClass }) => predictedClass)),
        scanId,
      );
  }

  /** δ estimated from the scan's own scores; null: none. */
  setEstimate(scanId: string, threshold: Threshold | null): void {
    this.connection
      .prepare('UPDATE scan SET estimatedThreshold = ? WHERE id = ?')
      .run(threshold && JSON.stringify(threshold), scanId);
  }

  scan(scanId: string): StoredScan {
    return readScan(this.connection, scanId);
  }

  /** All objects of a scan, in the order they were scanned. */
  columns(scanId: string): ObjectColumns {
    const readers = labelReaders(this.scan(scanId));
    return readAllColumns(this.connection, scanId, readers, isScanRunning(this.directory, scanId));
  }

  /** Makes a scan that is at rest quick to open. */
  keepColumns(scanId: string): void {
    keepColumns(this.connection, scanId, labelReaders(this.scan(scanId)));
  }

  /** A scan whose process ended without saying so counts as stopped. */
  summary({ folder, scanId }: ScanReference): ScanSummary {
    const scan = this.scan(scanId);
    const wasCutShort = scan.state === 'scanning' && !isScanRunning(this.directory, scanId);
    return summarise(this.connection, folder, wasCutShort ? { ...scan, state: 'stopped' } : scan);
  }

  /** Summaries of the folder's scans, the one changed last first. */
  summaries(folder: string): ScanSummary[] {
    const ids = this.connection.prepare('SELECT id FROM scan ORDER BY updatedAt DESC').raw().all() as [
      string,
    ][];
    return ids.map(([scanId]) => this.summary({ folder, scanId }));
  }

  private inOneStep<Result>(work: () => Result): Result {
    return inOneStep(this.connection, work);
  }
}

function objectRow(scanId: string, row: number, file: string, object: FinishedObject): unknown[] {
  const { baselines } = object;
  return [
    ...[scanId, row, object.id, object.decisionKey, file, object.ordinal, ...object.bbox],
    ...[object.label, object.detectionScore, object.score, object.predictedClass],
    ...[baselines.mcm, baselines.maxCosine, baselines.glMcm, baselines.runa],
    ...object.crop,
    ...[toBlob(object.classScores), toBlob(object.betaIntra), toBlob(object.muTarget)],
    object.betaInter && toBlob(object.betaInter),
    object.muBackground && toBlob(object.muBackground),
  ];
}
