import { l10n, window, type Disposable } from 'vscode';
import { formatCount } from '../../protocol/localisation';
import { localisation } from '../vscodeLocalisation';
import type { VerdictQueue } from './verdictQueue';

/** Tells the person that verdicts were not saved, since a scan that began anew, or was removed, does not hold their objects. */
export function announcePassedOver({ onDidPassOver }: Pick<VerdictQueue, 'onDidPassOver'>): Disposable {
  return onDidPassOver((verdicts) => {
    void window.showWarningMessage(
      verdicts === 1
        ? l10n.t('One verdict was not saved: the scan does not hold its object any more.')
        : l10n.t(
            '{0} verdicts were not saved: the scan does not hold their objects any more.',
            formatCount(verdicts, localisation()),
          ),
    );
  });
}
