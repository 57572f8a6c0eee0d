import { l10n, Uri, window } from 'vscode';
import type { ScanSettings, ScanSummary } from '../../protocol/scan';
import type { Command, HostServices } from '../hostServices';
import { chooseScan } from '../scans/chooseScan';
import { scanName } from '../scans/scanCatalogue';
import { combinerOfScan } from '../studies/knownCombiners';
import { isTrusted } from '../trust';
import { newScanSettings, startScan } from './scanFolder';

type Way = 'continue' | 'otherClasses' | 'fresh';

/** Scans a folder again: what changed or was left undone, everything, or with other classes. */
export const rescan: Command = async (host, given): Promise<ScanSummary | null> => {
  const scan = await chooseScan(host, given);
  if (!scan || !(await isTrusted())) return null;
  const way = await chooseWay(scan);
  return way && scanAgain(host, scan, way);
};

/** Null when it was paused, or the person left a question unanswered. */
export async function scanAgain(
  host: HostServices,
  scan: ScanSummary,
  way: Way,
): Promise<ScanSummary | null> {
  const folder = Uri.file(scan.reference.folder);
  if (way !== 'otherClasses')
    return startScan(host, folder, scan.classes, await settingsOfScan(host, scan, folder), way === 'fresh');
  const choices = await host.choices.choose(folder, {}, true);
  return choices && startScan(host, folder, choices.classes, newScanSettings(folder, choices.boxes));
}

/** A scan goes on as it was begun, whatever new scans use by now. Its combiner is known by its content and may have moved. */
async function settingsOfScan(host: HostServices, scan: ScanSummary, folder: Uri): Promise<ScanSettings> {
  const begunWith = scan.settings ?? (await settingsOfFolder(host, scan, folder));
  return { ...begunWith, combiner: await combinerOfScan(host, scan) };
}

/** For scans that were stored before their settings were. */
async function settingsOfFolder(
  host: HostServices,
  { classes }: ScanSummary,
  folder: Uri,
): Promise<ScanSettings> {
  const choices = await host.choices.choose(folder, { classes });
  return newScanSettings(folder, choices?.boxes ?? 'detector');
}

async function chooseWay(scan: ScanSummary): Promise<Way | null> {
  const stopped = scan.state === 'stopped';
  const picked = await window.showQuickPick(
    [
      {
        way: 'continue' as const,
        label: stopped ? l10n.t('Continue the Scan') : l10n.t('Scan New and Changed Images'),
        detail: l10n.t('Images that were finished before are not scanned again.'),
      },
      {
        way: 'otherClasses' as const,
        label: l10n.t('Scan with Other Classes…'),
        detail: l10n.t('Changes what is remembered for this folder.'),
      },
      {
        way: 'fresh' as const,
        label: l10n.t('Scan Everything Again'),
        detail: l10n.t('Forgets the scores of this scan. Your verdicts are kept.'),
      },
    ],
    { title: l10n.t('Rescan {0}', scanName(scan.reference)) },
  );
  return picked?.way ?? null;
}
