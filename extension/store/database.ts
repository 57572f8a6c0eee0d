import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { UserFacingError } from '../protocol/userFacingError';
import { migrations } from './migrations';

export type Connection = Database.Database;

export const databaseName = 'uni-ood.sqlite';

/**
 * Opens a folder's database, and brings its tables up to date. Several processes may have it open; a commit is on the
 * disk when it returns (`synchronous = FULL`). A damaged file is moved aside, never deleted.
 *
 * @throws UserFacingError when it is of a newer version, or cannot be opened.
 */
export function openDatabase(directory: string): { connection: Connection; movedAside: string | null } {
  const path = join(directory, databaseName);
  try {
    return { connection: connect(path), movedAside: null };
  } catch (error) {
    if (error instanceof UserFacingError) throw error;
    if (!isDamage(error as Error))
      throw new UserFacingError(
        `${path} cannot be opened: ${(error as Error).message}. Check the folder's permissions and free space.`,
      );
    const movedAside = moveAside(path);
    return { connection: connect(path), movedAside };
  }
}

function connect(path: string): Connection {
  const connection = new Database(path);
  try {
    connection.pragma('busy_timeout = 5000');
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    migrate(connection, path);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function migrate(connection: Connection, path: string): void {
  const version = userVersion(connection);
  if (version > migrations.length)
    throw new UserFacingError(
      `${path} was made by a newer version of UNI-OOD. Update UNI-OOD, or move the file away to start over.`,
    );
  for (let next = version; next < migrations.length; next++) {
    inOneStep(connection, () => {
      if (userVersion(connection) > next) return; // another process was faster
      connection.exec(migrations[next]);
      connection.exec(`PRAGMA user_version = ${next + 1}`);
    });
  }
}

/** Runs writes that are stored together or not at all. The library's own wrapper hides the reason when a write fails on a full disk. */
export function inOneStep<Result>(connection: Connection, work: () => Result): Result {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function userVersion(connection: Connection): number {
  const row = connection.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

function isDamage(error: Error): boolean {
  return /not a database|malformed|corrupt/i.test(error.message);
}

function moveAside(path: string): string {
  const aside = path.replace(
    /\.sqlite$/,
    `.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}.sqlite`,
  );
  renameSync(path, aside);
  for (const rest of ['-wal', '-shm']) if (existsSync(path + rest)) renameSync(path + rest, aside + rest);
  return aside;
}
