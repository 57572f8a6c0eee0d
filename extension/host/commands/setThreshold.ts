import { l10n, window } from 'vscode';
import type { Threshold } from '../../protocol/scan';
import type { Command } from '../hostServices';
import { formatScore } from '../../protocol/localisation';
import { chooseScan } from '../scans/chooseScan';
import { scanName } from '../scans/scanCatalogue';
import { parseScore } from '../scans/parseScore';
import { localisation } from '../vscodeLocalisation';

/** Sets δ of a scan by number. Automation may give the number. */
export const setThreshold: Command = async ({ session, ...host }, given, value) => {
  const scan = await chooseScan({ session, ...host }, given);
  if (!scan) return;
  const asked = typeof value === 'number' ? value : await ask(scanName(scan.reference), scan.threshold);
  if (asked !== null) await session.setThreshold(scan.reference, asked);
};

async function ask(name: string, threshold: Threshold): Promise<number | null> {
  const text = await window.showInputBox({
    title: l10n.t('Threshold δ of {0}', name),
    prompt: l10n.t('Objects with a score below δ are flagged. Now: {0}', threshold.origin),
    value: formatScore(threshold.value, localisation()),
    validateInput: (typed) => (parseScore(typed) === null ? l10n.t('Type a number, such as 0.271.') : null),
  });
  return text === undefined ? null : parseScore(text);
}
