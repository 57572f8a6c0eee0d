import { join } from 'node:path';
import { ProcessLock } from './processLock';

/**
 * The right to work on one scan, which one process holds at a time.
 *
 * @param directory the folder's state directory.
 * @param patience milliseconds to wait for it.
 * @returns null when another process, or this one, holds it.
 */
export function acquireScanLock(directory: string, scanId: string, patience = 0): ProcessLock | null {
  return ProcessLock.acquire(join(directory, `scanning-${scanId}.lock`), patience);
}

/** Whether a living process works on a scan. */
export function isScanRunning(directory: string, scanId: string): boolean {
  const lock = acquireScanLock(directory, scanId);
  lock?.release();
  return lock === null;
}
