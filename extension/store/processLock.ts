import Database from 'libsql';

/**
 * A right that one process holds at a time. It is a file lock of the database library, so the system gives it back
 * however the process ends.
 */
export class ProcessLock {
  private constructor(private readonly connection: Database.Database) {}

  /**
   * @param path a file of its own, in a folder that is there.
   * @param patience milliseconds to wait for it; the thread waits as well.
   * @returns null when another process, or this one, holds it.
   */
  static acquire(path: string, patience = 0): ProcessLock | null {
    const connection = new Database(path);
    try {
      connection.pragma(`busy_timeout = ${patience}`);
      connection.exec('BEGIN EXCLUSIVE');
      return new ProcessLock(connection);
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
