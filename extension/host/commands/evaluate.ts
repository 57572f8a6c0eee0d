import { l10n } from 'vscode';
import * as z from 'zod/mini';
import { runEvaluation, type EvaluationOutcome } from '../../protocol/evaluationRun';
import { evaluationProgressText } from '../../protocol/tuningText';
import { folderName } from '../classes/classListPicker';
import { chooseFolder } from '../folders';
import type { Command } from '../hostServices';
import { chooseEvaluation, evaluationAnswersSchema } from '../studies/chooseEvaluation';
import { openReport } from '../studies/openReport';
import { runStudy } from '../studies/runStudy';
import { isTrusted } from '../trust';
import { localisation } from '../vscodeLocalisation';

/**
 * Measures on a labelled folder how well known objects are told from others, beside the usual methods, and opens the report.
 * Automation may give the answers, as `{ classes, boxes, ood, tuning, combiner, ablate }`.
 *
 * @returns what it came to; null when the person left or cancelled.
 */
export const evaluate: Command = async (host, given, second): Promise<EvaluationOutcome | null> => {
  if (!(await isTrusted())) return null;
  const folder = await chooseFolder(given, {
    title: l10n.t('Evaluate on a Folder with Labels'),
    openLabel: l10n.t('Evaluate'),
  });
  if (!folder) return null;
  const answers = z.safeParse(evaluationAnswersSchema, second);
  const options = await chooseEvaluation(host, folder, answers.success ? answers.data : null);
  if (!options) return null;
  const title = l10n.t('Evaluating on {0}', folderName(folder));
  const outcome = await runStudy(host, title, runEvaluation, options, (tell) =>
    host.engine.onEvaluationProgressed(({ progress }) =>
      tell(evaluationProgressText(progress, localisation()), progress.share),
    ),
  );
  host.log.info(`The evaluation on ${folder.fsPath} was written to ${outcome.report}`);
  await openReport(outcome.report);
  return outcome;
};
