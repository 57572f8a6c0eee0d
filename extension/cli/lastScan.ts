import type { Engine } from '../engine/engine';
import type { ScanSummary } from '../protocol/scan';
import { UserFacingError } from '../protocol/userFacingError';

/** The scan of a folder that changed last. @throws UserFacingError when the folder has not been scanned. */
export async function lastScanOf(engine: Engine, folder: string): Promise<ScanSummary> {
  const [last] = await engine.listScans([folder]);
  if (!last) throw new UserFacingError(`${folder} has not been scanned. Run: uni-ood scan '${folder}'`);
  return last;
}
