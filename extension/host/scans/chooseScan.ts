import { l10n } from 'vscode';
import { scanReferenceSchema, type ScanReference, type ScanSummary } from '../../protocol/scan';
import * as z from 'zod/mini';
import type { HostServices } from '../hostServices';
import { offerScan } from './offerScan';

const nodeSchema = z.object({ reference: scanReferenceSchema });

/** The scan that a tree item, or a plain reference, stands for. */
export function referenceOf(given: unknown): ScanReference | null {
  const node = z.safeParse(nodeSchema, given);
  if (node.success) return node.data.reference;
  const reference = z.safeParse(scanReferenceSchema, given);
  return reference.success ? reference.data : null;
}

/** The scan a command is about: the given one, else the one on the screen, else the newest. Null, after saying so, when there is none. */
export async function chooseScan(
  { catalogue, session }: Pick<HostServices, 'catalogue' | 'session'>,
  given: unknown,
): Promise<ScanSummary | null> {
  await catalogue.load();
  const wanted = referenceOf(given) ?? session.shown;
  const found = (wanted && catalogue.find(wanted)) ?? catalogue.scans().at(0) ?? null;
  if (!found) void offerScan(l10n.t('No folder was scanned in this workspace yet.'));
  return found;
}
