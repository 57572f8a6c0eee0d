import { formatCount, type Localisation } from '../../protocol/localisation';
import type { ScanSummary } from '../../protocol/scan';

/** Characters that VS Code takes as a badge. */
const badgeLength = 2;

/** How many flagged objects of a scan carry no verdict yet. */
export const unreviewedCount = ({ flagged, reviewedFlagged }: ScanSummary): number =>
  Math.max(0, flagged - reviewedFlagged);

/** What stands beside the name of a scan or its folder, and what it means; null where nothing is left to review. */
export function unreviewedText(
  summary: ScanSummary,
  l10n: Localisation,
): { badge: string; tooltip: string } | null {
  const count = unreviewedCount(summary);
  if (count === 0) return null;
  const digits = String(count);
  return {
    badge: digits.length > badgeLength ? '9+' : digits,
    tooltip:
      count === 1
        ? l10n.t('1 flagged object not reviewed')
        : l10n.t('{0} flagged objects not reviewed', formatCount(count, l10n)),
  };
}

/** Of each folder its newest scan, by path. @param scans newest first. */
export function newestByFolder(scans: readonly ScanSummary[]): Map<string, ScanSummary> {
  return new Map([...scans].reverse().map((scan) => [scan.reference.folder, scan]));
}
