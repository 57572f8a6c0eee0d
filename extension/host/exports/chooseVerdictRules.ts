import { l10n, window, type QuickPickItem } from 'vscode';
import { decodeUint8 } from '../../protocol/columns';
import { snapshotScan } from '../../protocol/engine';
import { formatCount } from '../../protocol/localisation';
import type { VerdictRules } from '../../protocol/annotations';
import { verdictCodes, type ObjectColumns, type ScanReference } from '../../protocol/scan';
import type { HostServices } from '../hostServices';
import { localisation } from '../vscodeLocalisation';

/** What becomes of objects that are out of distribution; asked only where some have a name. Null when the person left. */
export async function chooseVerdictRules(
  { engine }: HostServices,
  reference: ScanReference,
): Promise<VerdictRules | null> {
  const { columns } = await engine.request(snapshotScan, reference);
  const named = namedOutside(columns);
  if (named === 0) return { keepNamed: false };
  const items: (QuickPickItem & { keepNamed: boolean })[] = [
    {
      keepNamed: true,
      label: l10n.t('Keep Named Objects under Their New Names'),
      description: formatCount(named, localisation()),
      detail: l10n.t('The names join the classes; what is out of distribution and has no name is dropped'),
    },
    { keepNamed: false, label: l10n.t('Drop All That Is Out of Distribution') },
  ];
  const title = l10n.t('Apply Verdicts to a Copy of the Annotations');
  const picked = await window.showQuickPick(items, { title });
  return picked ? { keepNamed: picked.keepNamed } : null;
}

/** How many objects are out of distribution and have a name. */
function namedOutside({ verdict, firstRow, assignedClass }: ObjectColumns): number {
  const out = verdictCodes.indexOf('ood');
  const codes = decodeUint8(verdict);
  return Object.keys(assignedClass).filter((row) => codes[Number(row) - firstRow] === out).length;
}
