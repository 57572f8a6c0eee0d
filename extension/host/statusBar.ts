import { l10n, StatusBarAlignment, ThemeColor, window, type Disposable } from 'vscode';
import type { EngineClient } from './engineProcess/engineClient';
import { formatCount } from './localisation';
import { percentDone } from './scans/progressText';
import type { ReviewSession } from './review/reviewSession';
import { sameScan, scanName, type ScanCatalogue } from './scans/scanCatalogue';
import { openReviewCommand } from './views/scanItems';
import { localisation } from './vscodeLocalisation';

/** What the status bar says, once there is a scan: the running one, else how far the review of the shown one is. */
export function createStatusBar(
  engine: EngineClient,
  catalogue: ScanCatalogue,
  session: ReviewSession,
): Disposable {
  const item = window.createStatusBarItem('uniOod.status', StatusBarAlignment.Left, -100);
  item.name = 'UNI-OOD';
  const draw = (): void => {
    const scans = catalogue.scans();
    const running = scans.find(({ reference }) => catalogue.progress(reference));
    const shown = scans.find(({ reference }) => sameScan(reference, session.shown)) ?? scans.at(0);
    const stopped = engine.state.kind === 'stopped' && !engine.state.restarting;
    item.backgroundColor = stopped ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    item.command = openReviewCommand;
    if (stopped && engine.state.kind === 'stopped') {
      item.text = `$(debug-disconnect) ${l10n.t('UNI-OOD: engine stopped')}`;
      item.tooltip = engine.state.message;
    } else if (running) {
      item.text = `$(sync~spin) ${l10n.t('UNI-OOD: {0} %', percentDone(running.images))}`;
      item.tooltip = l10n.t('Scanning {0}', scanName(running.reference));
    } else if (shown) {
      const [reviewed, flagged] = [shown.reviewedFlagged, shown.flagged].map((count) =>
        formatCount(count, localisation()),
      );
      item.text = `$(target) ${l10n.t('UNI-OOD: {0} of {1}', reviewed, flagged)}`;
      item.tooltip = l10n.t(
        '{0} of {1} flagged objects in {2} are reviewed',
        reviewed,
        flagged,
        scanName(shown.reference),
      );
    }
    if (scans.length > 0) item.show();
    else item.hide();
  };
  const subscriptions: Disposable[] = [
    item,
    engine.onDidChangeState(draw),
    catalogue.onDidChange(draw),
    session.onDidChangeShown(draw),
  ];
  return { dispose: () => subscriptions.forEach((subscription) => void subscription.dispose()) };
}
