import { commands, type Disposable } from 'vscode';
import type { ReviewSession } from './review/reviewSession';
import { comparableFolders } from './scans/scanLines';
import type { ScanCatalogue } from './scans/scanCatalogue';

/** Keeps the context keys that menus and views of package.json ask for: `uniOod.hasScan` and so on. */
export function keepContextKeys(catalogue: ScanCatalogue, session: ReviewSession): Disposable {
  const known = new Map<string, string>();
  const set = (key: string, value: boolean | string[]): void => {
    const text = JSON.stringify(value);
    if (known.get(key) === text) return;
    known.set(key, text);
    void commands.executeCommand('setContext', `uniOod.${key}`, value);
  };
  const follow = (): void => {
    const scans = catalogue.scans();
    const shown = session.shown && catalogue.find(session.shown);
    set('hasScan', scans.length > 0);
    set(
      'scanning',
      scans.some(({ reference }) => catalogue.progress(reference)),
    );
    const isScanning = !!shown && catalogue.progress(shown.reference) !== null;
    set('shownScanning', isScanning);
    set('stopped', shown?.state === 'stopped' && !isScanning);
    set('hasLeftOut', (shown?.images.unreadable ?? 0) + (shown?.leftOut ?? 0) > 0);
    set('comparing', session.comparedWith !== null);
    set('comparableFolders', comparableFolders(scans));
    set('reviewVisible', session.hasVisiblePlace);
  };
  const subscriptions: Disposable[] = [
    catalogue.onDidChange(follow),
    session.onDidChangeShown(follow),
    session.keyboard.onDidChange(({ focused, typing }) => {
      set('reviewFocus', focused);
      set('inputFocus', typing);
    }),
    session.onDidChangeVisibility(follow),
  ];
  return { dispose: () => subscriptions.forEach((subscription) => void subscription.dispose()) };
}
