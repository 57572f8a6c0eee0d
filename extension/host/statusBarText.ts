import { formatCount, type Localisation } from '../protocol/localisation';
import type { ScanSummary } from '../protocol/scan';

export interface StatusBarText {
  readonly text: string;
  readonly tooltip: string;
  /** Something has to be done. */
  readonly isWarning: boolean;
}

/** What the status bar could speak of. */
export interface StatusBarFacts {
  /** Why no engine runs; null while one does, or could. */
  readonly engineStopped: string | null;
  readonly isScanning: boolean;
  /** The scan on the screen, and what it is called. */
  readonly shown: ScanSummary | null;
  readonly name: string;
}

/**
 * What the one item of the status bar says; null: nothing. A scan that runs has the item that VS Code makes of its
 * notification, with the same figures; a second one beside it would only lag behind.
 */
export function statusBarText(facts: StatusBarFacts, l10n: Localisation): StatusBarText | null {
  const { engineStopped, isScanning, shown, name } = facts;
  if (shown === null) return null;
  if (engineStopped !== null)
    return {
      text: `$(debug-disconnect) ${l10n.t('UNI-OOD: engine stopped')}`,
      tooltip: engineStopped,
      isWarning: true,
    };
  if (isScanning) return null;
  if (shown.flagged === 0)
    return {
      text: `$(target) ${l10n.t('UNI-OOD: nothing flagged')}`,
      tooltip: l10n.t('No object in {0} is flagged', name),
      isWarning: false,
    };
  const reviewed = formatCount(shown.reviewedFlagged, l10n);
  const flagged = formatCount(shown.flagged, l10n);
  return {
    text: `$(target) ${l10n.t('UNI-OOD: {0} of {1}', reviewed, flagged)}`,
    tooltip:
      shown.flagged > 1
        ? l10n.t('{0} of {1} flagged objects in {2} are reviewed', reviewed, flagged, name)
        : shown.reviewedFlagged > 0
          ? l10n.t('The one flagged object in {0} is reviewed', name)
          : l10n.t('The one flagged object in {0} is not reviewed yet', name),
    isWarning: false,
  };
}
