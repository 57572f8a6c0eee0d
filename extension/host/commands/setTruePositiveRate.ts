import { l10n, window } from 'vscode';
import { percentOfRate, rateOfPercent, usualTruePositiveRate } from '../../protocol/truePositiveRate';
import type { Threshold } from '../../protocol/scan';
import type { Command } from '../hostServices';
import { chooseScan } from '../scans/chooseScan';
import { parseScore } from '../scans/parseScore';
import { scanName } from '../scans/scanCatalogue';

/** Calibrates δ of a scan anew at another true-positive rate. Automation may give it, in percent. */
export const setTruePositiveRate: Command = async ({ session, ...host }, given, percent) => {
  const scan = await chooseScan({ session, ...host }, given);
  if (!scan) return;
  const asked =
    typeof percent === 'number'
      ? rateOfPercent(percent)
      : await ask(scanName(scan.reference), scan.threshold);
  if (asked !== null) await session.setTruePositiveRate(scan.reference, asked);
};

async function ask(name: string, { calibratedAt, origin }: Threshold): Promise<number | null> {
  const rateIn = (typed: string): number | null => {
    const percent = parseScore(typed.replace(/%\s*$/, ''));
    return percent === null ? null : rateOfPercent(percent);
  };
  const text = await window.showInputBox({
    title: l10n.t('True-Positive Rate of {0}, in Percent', name),
    prompt: l10n.t(
      'δ is calibrated to keep this share of labelled objects of your classes. Now: {0}',
      origin,
    ),
    value: String(percentOfRate(calibratedAt ?? usualTruePositiveRate)),
    validateInput: (typed) =>
      rateIn(typed) === null ? l10n.t('Type a percentage above 0 and up to 100, such as 99.') : null,
  });
  return text === undefined ? null : rateIn(text);
}
