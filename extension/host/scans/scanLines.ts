import { formatTime, type Localisation } from '../../protocol/localisation';
import { flaggedText } from '../../protocol/progressText';
import type { ScanSummary } from '../../protocol/scan';
import { scanTraits } from '../../protocol/scanText';

/** A scan to choose among those of its folder, which share a name. */
export interface ScanLine {
  readonly scan: ScanSummary;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** One line a scan: its model, then when it was made and what it flags, below that what else it was made with. */
export function scanLines(scans: readonly ScanSummary[], l10n: Localisation): ScanLine[] {
  return scans.map((scan) => {
    const [model, ...others] = scanTraits(scan, l10n);
    return {
      scan,
      label: model,
      description: [formatTime(scan.createdAt, l10n), flaggedText(scan.flagged, l10n)].join(' · '),
      detail: others.join(' · '),
    };
  });
}

/** Folders with several scans, which can be compared. */
export function comparableFolders(scans: readonly ScanSummary[]): string[] {
  const folders = scans.map(({ reference }) => reference.folder);
  return [...new Set(folders.filter((folder, at) => folders.indexOf(folder) !== at))];
}
