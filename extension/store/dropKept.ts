import type { Connection } from './database';

/** Forgets what is kept of a scan beside its objects, because they change. */
export function dropKept(connection: Connection, scanId: string): void {
  for (const table of ['keptColumns', 'keptLikeness'])
    connection.prepare(`DELETE FROM ${table} WHERE scan = ?`).run(scanId);
}
