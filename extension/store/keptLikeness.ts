import * as z from 'zod/mini';
import { blobSchema, bytesOf } from './blobs';
import { inOneStep, type Connection } from './database';

/** Raised when other groups would be made of the same objects. */
const version = 1;

/** Groups of a scan's objects as `Likeness` tells them; undefined where none are kept. */
export function readKeptLikeness(connection: Connection, scanId: string): Uint32Array | undefined {
  const found = connection
    .prepare('SELECT groups FROM keptLikeness WHERE scan = ? AND version = ?')
    .raw()
    .get(scanId, version) as [unknown] | undefined;
  if (!found) return undefined;
  return new Uint32Array(bytesOf(z.parse(blobSchema, found[0])));
}

/** When a scan was begun or ended last: another moment than before means that its objects may be others. */
export function changedAt(connection: Connection, scanId: string): string | undefined {
  const found = connection.prepare('SELECT updatedAt FROM scan WHERE id = ?').raw().get(scanId);
  return (found as [string] | undefined)?.[0];
}

/** Keeps groups of a scan that is at rest. @param since what `changedAt` said before the objects were read. */
export function keepLikeness(
  connection: Connection,
  scanId: string,
  groups: Uint32Array,
  since: string | undefined,
): void {
  try {
    inOneStep(connection, () => {
      if (since === undefined || changedAt(connection, scanId) !== since) return;
      connection
        .prepare('INSERT OR REPLACE INTO keptLikeness (scan, version, groups) VALUES (?, ?, ?)')
        .run(scanId, version, Buffer.from(groups.buffer, groups.byteOffset, groups.byteLength));
    });
  } catch {
    // The database is held, or the disk is full: they are made again next time.
  }
}
