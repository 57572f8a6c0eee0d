import { english, formatTime } from '../protocol/localisation';
import type { ScanSummary } from '../protocol/scan';
import { scanTraits } from '../protocol/scanText';
import { UserFacingError } from '../protocol/userFacingError';
import { onOneLine } from './scanReport';

/**
 * The two scans of a folder that are compared, by id or how it begins. Without them: the last scan, and the last of the others.
 *
 * @param scans of the folder, the one changed last first.
 * @throws UserFacingError where there are none of these, or an id begins several; it lists the scans there are.
 */
export function chooseScans(
  scans: readonly ScanSummary[],
  { a: first, b: second }: { a?: string; b?: string },
): { a: ScanSummary; b: ScanSummary } {
  if (scans.length < 2)
    throw new UserFacingError(
      'The folder has one scan, so there is nothing to compare it with. Scan it with another model, other classes or a combiner.',
    );
  const named = second === undefined ? undefined : namedScan(scans, second);
  const a = first === undefined ? scans.find((scan) => scan !== named) : namedScan(scans, first);
  const b = named ?? scans.find((scan) => scan !== a);
  if (!a || !b || a === b) throw new UserFacingError(`Both names are of one scan.\n${scanLines(scans)}`);
  return { a, b };
}

/**
 * A scan of a folder by its id or how that begins; without one the scan that changed last.
 *
 * @param scans of the folder, the one changed last first; at least one.
 * @throws UserFacingError where there is none of it, or it begins several; it lists the scans there are.
 */
export function namedScan(scans: readonly ScanSummary[], id?: string): ScanSummary {
  if (id === undefined) return scans[0];
  const found = scans.filter(({ reference }) => reference.scanId.startsWith(id));
  if (found.length === 1) return found[0];
  const said =
    found.length === 0 ? `No scan of the folder has the id ${id}.` : `Several scans begin with ${id}.`;
  throw new UserFacingError(`${said} There are:\n${scanLines(scans)}`);
}

/** One line a scan: its id, what it was made with, when. */
export function scanLines(scans: readonly ScanSummary[]): string {
  return scans.map((scan) => `  ${scan.reference.scanId}  ${scanLine(scan)}`).join('\n');
}

/** "micro 2.0.0 · 20 classes: cat, dog, horse, cow and 16 more · Boxes: detector · Nov 24, 2026, 4:00 AM" */
export function scanLine(scan: ScanSummary): string {
  return onOneLine([...scanTraits(scan, english), formatTime(scan.createdAt, english)].join(' · '));
}
