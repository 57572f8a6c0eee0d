import { l10n, Uri, window } from 'vscode';
import type { Command } from '../hostServices';
import { UserFacingError } from '../../protocol/userFacingError';
import { chooseScan } from '../scans/chooseScan';
import { sameScan, scanName } from '../scans/scanCatalogue';

/** Deletes the scores of a scan, after asking. Verdicts belong to the objects and come back with a new scan. */
export const removeScan: Command = async (host, given) => {
  const scan = await chooseScan(host, given);
  if (!scan) return;
  const { reference } = scan;
  if (host.runs.isRunning(Uri.file(reference.folder)))
    throw new UserFacingError(
      l10n.t('{0} is being scanned. Pause the scan before you remove it.', scanName(reference)),
    );
  const remove = l10n.t('Remove Scan');
  const chosen = await window.showWarningMessage(
    l10n.t('Remove the scan of {0}?', scanName(reference)),
    {
      modal: true,
      detail: l10n.t(
        'Its scores are deleted. Your verdicts are kept and come back when the folder is scanned again. The images stay as they are.',
      ),
    },
    remove,
  );
  if (chosen !== remove) return;
  await host.catalogue.remove(reference);
  host.session.forget(reference);
  const { shown, comparedWith } = host.session;
  if (shown && sameScan(reference, comparedWith)) await host.session.compare(shown, null);
  if (sameScan(reference, shown)) {
    await host.session.show(host.catalogue.scans().at(0)?.reference ?? null);
  }
};
