import { access } from 'node:fs/promises';
import type { Engine } from '../engine/engine';
import type { ScanSummary } from '../protocol/scan';
import { folderError } from '../protocol/folderError';
import { UserFacingError } from '../protocol/userFacingError';

/** The scans of a folder, the one changed last first. @throws UserFacingError when it is not there or has not been scanned. */
export async function scansOfFolder(engine: Engine, folder: string): Promise<ScanSummary[]> {
  const scans = await engine.listScans([folder]);
  if (scans.length === 0) {
    await access(folder).catch((error: NodeJS.ErrnoException) => {
      throw folderError(folder, error);
    });
    throw new UserFacingError(`${folder} has not been scanned. Run: uni-ood scan '${folder}'`);
  }
  return scans;
}
