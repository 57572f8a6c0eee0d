import { l10n, window, type Uri } from 'vscode';
import * as z from 'zod/mini';
import { runTuning, type TuningOutcome } from '../../protocol/tuning';
import { tooFewText, tuningProgressText, tuningVerdict } from '../../protocol/tuningText';
import { folderName } from '../classes/classListPicker';
import { chooseFolder } from '../folders';
import type { Command, HostServices } from '../hostServices';
import { referenceOf } from '../scans/chooseScan';
import { offerScan } from '../scans/offerScan';
import { useCombiner } from '../settings';
import { chooseTuning, tuningAnswersSchema } from '../studies/chooseTuning';
import { openReport } from '../studies/openReport';
import { runStudy } from '../studies/runStudy';
import { isTrusted } from '../trust';
import { localisation } from '../vscodeLocalisation';

/**
 * Tunes a combiner on the labels of a folder, its annotations or the verdicts of its review, and offers to use it.
 * Automation may give the answers, as `{ classes, labels, shots, seed }`.
 *
 * @returns what it came to; null when the person left or cancelled.
 */
export const tune: Command = async (host, given, second): Promise<TuningOutcome | null> => {
  if (!(await isTrusted())) return null;
  const folder = await chooseFolder(given, {
    title: l10n.t('Tune on a Folder’s Labels'),
    openLabel: l10n.t('Tune'),
  });
  if (!folder) return null;
  const answers = z.safeParse(tuningAnswersSchema, second);
  const scanId = referenceOf(given)?.scanId ?? null;
  const options = await chooseTuning(host, folder, scanId, answers.success ? answers.data : null);
  if (!options) return null;
  await host.memory.remember(folder, {}); // where its combiners are looked for
  const title = l10n.t('Tuning on {0}', folderName(folder));
  const outcome = await runStudy(host, title, runTuning, options, (tell) =>
    host.engine.onTuningProgressed(({ progress }) =>
      tell(tuningProgressText(progress, localisation()), progress.share),
    ),
  );
  void sayOutcome(host, folder, outcome);
  return outcome;
};

async function sayOutcome({ log }: HostServices, folder: Uri, outcome: TuningOutcome): Promise<void> {
  const { combiner, report, tooFew } = outcome;
  const words = localisation();
  const said = [tuningVerdict(outcome, words), ...(tooFew.length > 0 ? [tooFewText(tooFew, words)] : [])];
  log.info(`${folder.fsPath}: ${said.join(' ')}`);
  const use = l10n.t('Use for New Scans');
  const show = l10n.t('Open Report');
  const actions = combiner === null ? [show] : [use, show];
  const chosen = await window.showInformationMessage(said.join(' '), ...actions);
  if (chosen === show) await openReport(report);
  if (chosen !== use) return;
  await useCombiner(combiner);
  await offerScan(l10n.t('New scans use this combiner from now on.'), folder);
}
