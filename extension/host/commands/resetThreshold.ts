import type { Command } from '../hostServices';
import { chooseScan } from '../scans/chooseScan';

/** Sets δ back to where it was calibrated, or to the model's own. */
export const resetThreshold: Command = async (host, given) => {
  const scan = await chooseScan(host, given);
  if (scan) await host.session.setThreshold(scan.reference, null);
};
