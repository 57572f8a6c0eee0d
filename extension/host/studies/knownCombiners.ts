import { l10n, workspace } from 'vscode';
import type { ScanSummary } from '../../protocol/scan';
import { listCombiners } from '../../protocol/tuning';
import { objectsText } from '../../protocol/progressText';
import { UserFacingError } from '../../protocol/userFacingError';
import type { HostServices } from '../hostServices';
import { settings } from '../settings';
import { localisation } from '../vscodeLocalisation';
import type { KnownCombiners } from './combinerLines';

/** The combiners of the workspace's folders and of folders that were scanned or tuned on before, and the one in use. */
export async function knownCombiners({
  engine,
  memory,
}: Pick<HostServices, 'engine' | 'memory'>): Promise<KnownCombiners> {
  const open = (workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const inUse = settings.combiner(open.at(0)) ?? null;
  const folders = [
    ...open.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath),
    ...memory.folders(),
  ];
  const listed = await engine.request(listCombiners, {
    folders: [...new Set(folders)],
    files: inUse === null ? [] : [inUse],
    model: settings.model(),
  });
  return { ...listed, inUse };
}

/**
 * The file of the combiner that a scan was scored with, wherever new scans stand by now; undefined: none.
 *
 * @throws UserFacingError when it is not there any more.
 */
export async function combinerOfScan(
  host: Pick<HostServices, 'engine' | 'memory'>,
  { combiner }: Pick<ScanSummary, 'combiner'>,
): Promise<string | undefined> {
  if (!combiner) return undefined;
  const { combiners } = await knownCombiners(host);
  const found = combiners.find(({ sha256 }) => sha256 === combiner.sha256);
  if (found) return found.path;
  throw new UserFacingError(
    l10n.t(
      'The combiner of this scan, tuned on {0} of {1}, was not found, so the scan cannot go on as it was. Scan the folder again to use the combiner of new scans.',
      objectsText(combiner.objects, localisation()),
      combiner.folder,
    ),
  );
}
