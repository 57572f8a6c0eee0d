import type { ScanSummary } from '../../protocol/scan';
import type { Command } from '../hostServices';
import { chooseScan } from '../scans/chooseScan';
import { isTrusted } from '../trust';
import { scanAgain } from './rescan';

/** Goes on with a scan that was stopped or failed; asks nothing. */
export const resumeScan: Command = async (host, given): Promise<ScanSummary | null> => {
  const scan = await chooseScan(host, given);
  if (!scan || !(await isTrusted())) return null;
  return scanAgain(host, scan, 'continue');
};
