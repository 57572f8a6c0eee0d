import { access } from 'node:fs/promises';
import type { Engine } from '../engine/engine';
import type { ScanSummary } from '../protocol/scan';
import { folderError } from '../protocol/folderError';
import { UserFacingError } from '../protocol/userFacingError';

/** The scan of a folder that changed last. @throws UserFacingError when the folder is not there or has not been scanned. */
export async function lastScanOf(engine: Engine, folder: string): Promise<ScanSummary> {
  const [last] = await engine.listScans([folder]);
  if (!last) {
    await access(folder).catch((error: NodeJS.ErrnoException) => {
      throw folderError(folder, error);
    });
    throw new UserFacingError(`${folder} has not been scanned. Run: uni-ood scan '${folder}'`);
  }
  return last;
}
