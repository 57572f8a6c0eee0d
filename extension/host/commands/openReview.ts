import type { Command } from '../hostServices';
import * as z from 'zod/mini';
import { chooseScan } from '../scans/chooseScan';

const objectNode = z.object({ object: z.object({ id: z.string() }) });

/** Shows a scan in the review; for an object of the tree, that object, and the person stays in the tree. */
export const openReview: Command = async (host, given) => {
  const scan = await chooseScan(host, given);
  if (!scan) return;
  const object = z.safeParse(objectNode, given);
  const id = object.success ? object.data.object.id : null;
  await host.session.show(scan.reference, id);
  const seen = host.reviewView.visible || host.reviewEditor.visible;
  if (id === null || !seen) await host.reviewView.reveal(id !== null);
};
