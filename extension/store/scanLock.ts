import { join } from 'node:path';
import Database from 'libsql';

/**
 * The right to work on one scan, which one process holds at a time. It is a file lock of the database library, so the
 * system gives it back however the process ends.
 */
export class ScanLock {
  private constructor(private readonly connection: Database.Database) {}

  /**
   * @param directory the folder's state directory.
   * @param patience milliseconds to wait for it.
   * @returns null when another process, or this one, holds it.
   */
  static acquire(directory: string, scanId: string, patience = 0): ScanLock | null {
    const connection = new Database(join(directory, `scanning-${scanId}.lock`));
    try {
      connection.pragma(`busy_timeout = ${patience}`);
      connection.exec('BEGIN EXCLUSIVE');
      return new ScanLock(connection);
    } catch (error) {
      connection.close();
      if ((error as { code?: string }).code === 'SQLITE_BUSY') return null;
      throw error;
    }
  }

  release(): void {
    this.connection.exec('ROLLBACK');
    this.connection.close();
  }
}

/** Whether a living process works on a scan. */
export function isScanRunning(directory: string, scanId: string): boolean {
  const lock = ScanLock.acquire(directory, scanId);
  lock?.release();
  return lock === null;
}
