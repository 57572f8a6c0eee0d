import type { Command } from '../hostServices';
import { chooseScan } from '../scans/chooseScan';

/** Shows a scan in the review at full width. */
export const openReviewInEditor: Command = async (host, given) => {
  const scan = await chooseScan(host, given);
  if (!scan) return;
  await host.session.show(scan.reference);
  host.reviewEditor.open();
};
