import { l10n, Uri, window } from 'vscode';
import type { Command } from '../hostServices';
import { UserFacingError } from '../../protocol/userFacingError';
import { chooseScan } from '../scans/chooseScan';
import { sameScan, scanName } from '../scans/scanCatalogue';

/** Deletes a scan with its verdicts, after asking: nothing brings them back. The images stay. */
export const removeScan: Command = async (host, given) => {
  const scan = await chooseScan(host, given);
  if (!scan) return;
  const { reference } = scan;
  if (host.runs.isRunning(Uri.file(reference.folder)))
    throw new UserFacingError(
      l10n.t('{0} is being scanned. Cancel the scan before you remove it.', scanName(reference)),
    );
  const remove = l10n.t('Remove Scan');
  const chosen = await window.showWarningMessage(
    l10n.t('Remove the scan of {0}?', scanName(reference)),
    { modal: true, detail: l10n.t('Its scores and verdicts are deleted. The images stay as they are.') },
    remove,
  );
  if (chosen !== remove) return;
  await host.catalogue.remove(reference);
  if (sameScan(reference, host.session.shown)) {
    await host.session.show(host.catalogue.scans().at(0)?.reference ?? null);
  }
};
