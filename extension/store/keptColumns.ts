import * as z from 'zod/mini';
import { decodeUint32, encodeColumn } from '../protocol/columns';
import { objectColumnsSchema, type ObjectColumns } from '../protocol/scan';
import { inOneStep, type Connection } from './database';
import { allColumns, readUnjudged, type LabelReaders, type UnjudgedColumns } from './objectQueries';

/** Raised when what the columns hold, or how it comes about, changes. */
const version = 1;

/** Scans of fewer objects are read as quickly as what would be kept of them. */
export const fewestKept = 5000;

const keptSchema = z.object({
  columns: z.omit(objectColumnsSchema, { verdict: true, assignedClass: true }),
  rows: z.string(), // Uint32
});

/**
 * All objects of a scan. What no verdict changes is kept as text beside the objects of a large scan that is not running, so
 * that it opens at once when it is looked at again.
 */
export function readAllColumns(
  connection: Connection,
  scanId: string,
  readers: LabelReaders,
  isRunning: boolean,
): ObjectColumns {
  const kept =
    readKept(connection, scanId) ?? (isRunning ? undefined : keepColumns(connection, scanId, readers));
  return allColumns(connection, scanId, kept ?? readUnjudged(connection, scanId, readers, 0, 0));
}

/**
 * Keeps the columns of a scan that is at rest. They are read without a lock; written only if no other connection wrote
 * anything meanwhile. Where they cannot be written they are read again next time.
 *
 * @returns what was read; undefined where the scan is small.
 */
export function keepColumns(
  connection: Connection,
  scanId: string,
  readers: LabelReaders,
): UnjudgedColumns | undefined {
  if (countObjects(connection, scanId) < fewestKept) return undefined;
  const before = writesOfOthers(connection);
  const read = readUnjudged(connection, scanId, readers, 0, 0);
  const text = JSON.stringify({ columns: read.columns, rows: encodeColumn(read.rows) });
  try {
    inOneStep(connection, () => {
      if (writesOfOthers(connection) !== before) return;
      connection
        .prepare('INSERT OR REPLACE INTO keptColumns (scan, version, columns) VALUES (?, ?, ?)')
        .run(scanId, version, text);
    });
  } catch {
    // The database is held, or the disk is full: nothing of the scan is lost.
  }
  return read;
}

/** Changes with every commit of another connection (https://www.sqlite.org/pragma.html#pragma_data_version). */
function writesOfOthers(connection: Connection): unknown {
  const [count] = connection.prepare('PRAGMA data_version').raw().get() as [number];
  return count;
}

function readKept(connection: Connection, scanId: string): UnjudgedColumns | undefined {
  const found = connection
    .prepare('SELECT columns FROM keptColumns WHERE scan = ? AND version = ?')
    .raw()
    .get(scanId, version) as [string] | undefined;
  if (!found) return undefined;
  const { columns, rows } = z.parse(keptSchema, JSON.parse(found[0]));
  return { columns, rows: decodeUint32(rows) };
}

function countObjects(connection: Connection, scanId: string): number {
  const [count] = connection.prepare('SELECT count(*) FROM object WHERE scan = ?').raw().get(scanId) as [
    number,
  ];
  return count;
}
