import { commands, l10n, window, type Uri } from 'vscode';
import type { ScanSummary } from '../../protocol/scan';
import { folderName } from '../classes/classListPicker';
import type { HostServices } from '../hostServices';
import { finishedText } from '../../protocol/progressText';
import { formatCount } from '../../protocol/localisation';
import { localisation } from '../vscodeLocalisation';
import { scanName } from './scanCatalogue';
import type { ScanWitness } from './scanRuns';

/** Milliseconds after a verdict in which a person counts as reviewing. */
const reviewing = 120_000;

type Witnesses = Pick<HostServices, 'session' | 'reviewView' | 'reviewEditor' | 'log'>;

/** Brings a running scan to the eyes of the person who started it, without taking the keyboard from them. */
export function announceScans({ session, reviewView, reviewEditor, log }: Witnesses): ScanWitness {
  /** A person in the middle of reviewing another scan is left in peace. */
  const isBusyElsewhere = (folder: string): boolean =>
    session.hasVisiblePlace && session.sinceVerdict < reviewing && session.shown?.folder !== folder;
  return {
    started({ reference }, hasWaited) {
      const isLookingElsewhere = hasWaited && session.hasVisiblePlace && session.shown !== null;
      if (!isLookingElsewhere && !isBusyElsewhere(reference.folder)) report(session.show(reference));
    },
    firstFlagged(reference) {
      if (isBusyElsewhere(reference.folder) || reviewEditor.visible) return;
      report(reviewView.reveal(true));
    },
    ended: (summary) => session.scanEnded(summary),
    finished(summary) {
      if (!session.isVisible(summary.reference)) report(sayFinished(summary));
    },
    continued: (folder) => report(sayContinued(folder)),
  };

  function report(action: Promise<unknown>): void {
    action.catch((error: unknown) => log.error(String(error)));
  }
}

async function sayFinished({ reference, objects, flagged, images, leftOut }: ScanSummary): Promise<void> {
  const words = localisation();
  const review = l10n.t('Review');
  const show = l10n.t('Show What Was Left Out');
  const missing = images.unreadable + leftOut;
  const lost =
    missing === 0
      ? ''
      : missing === 1
        ? l10n.t('One file or annotation could not be used.')
        : l10n.t('{0} files or annotations could not be used.', formatCount(missing, words));
  const found = finishedText(flagged, objects, scanName(reference), words);
  const actions = missing === 0 ? [review] : [review, show];
  const chosen = await window.showInformationMessage(`${found} ${lost}`.trim(), ...actions);
  if (chosen === review) await commands.executeCommand('uniOod.openReview', reference);
  if (chosen === show) await commands.executeCommand('uniOod.showLeftOut', reference);
}

async function sayContinued(folder: Uri): Promise<void> {
  const show = l10n.t('Show Log');
  const chosen = await window.showWarningMessage(
    l10n.t(
      'The engine stopped while scanning {0} and was started again. The scan continues; finished images are kept.',
      folderName(folder),
    ),
    show,
  );
  if (chosen === show) await commands.executeCommand('uniOod.showLog');
}
