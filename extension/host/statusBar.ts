import { StatusBarAlignment, ThemeColor, window, type Disposable } from 'vscode';
import type { EngineClient } from './engineProcess/engineClient';
import type { ReviewSession } from './review/reviewSession';
import { sameScan, scanName, type ScanCatalogue } from './scans/scanCatalogue';
import { statusBarText } from './statusBarText';
import { openReviewCommand } from './views/scanItems';
import { localisation } from './vscodeLocalisation';

/** Keeps the status bar item in step with the scans and the engine. */
export function createStatusBar(
  engine: EngineClient,
  catalogue: ScanCatalogue,
  session: ReviewSession,
): Disposable {
  const item = window.createStatusBarItem('uniOod.status', StatusBarAlignment.Left, -100);
  item.name = 'UNI-OOD';
  item.command = openReviewCommand;
  const draw = (): void => {
    const scans = catalogue.scans();
    const shown = scans.find(({ reference }) => sameScan(reference, session.shown)) ?? scans.at(0) ?? null;
    const { state } = engine;
    const said = statusBarText(
      {
        engineStopped: state.kind === 'stopped' && !state.restarting ? state.message : null,
        isScanning: scans.some(({ reference }) => catalogue.progress(reference)),
        shown,
        name: shown ? scanName(shown.reference) : '',
      },
      localisation(),
    );
    if (said === null) return item.hide();
    item.text = said.text;
    item.tooltip = said.tooltip;
    item.backgroundColor = said.isWarning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  const subscriptions: Disposable[] = [
    item,
    engine.onDidChangeState(draw),
    catalogue.onDidChange(draw),
    session.onDidChangeShown(draw),
  ];
  return { dispose: () => subscriptions.forEach((subscription) => void subscription.dispose()) };
}
