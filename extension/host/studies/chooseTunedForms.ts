import { basename } from 'node:path';
import { l10n, type Uri } from 'vscode';
import type { EvaluationOptions } from '../../protocol/evaluationRun';
import { fewestShots } from '../../protocol/tuning';
import { chooseFolder } from '../folders';
import { localisation } from '../vscodeLocalisation';
import { chooseNumber } from './chooseNumber';
import { seedsLines, shotsLines } from './numberLines';
import { pickValue } from './pickValue';

/** The combiners that an evaluation measures: those it tunes, and one from a file. */
export type TunedForms = Pick<EvaluationOptions, 'tuning' | 'combiner'>;

/**
 * Whether an evaluation measures a combiner: that in use, or some that it tunes, on which folder, on how many objects a class and
 * how often.
 *
 * @param boxes what is scored: annotations that lie elsewhere are tuned on as well.
 * @param classes how many there are.
 * @param combinerInUse file of the one that new scans use; absent: none.
 * @returns undefined when the person left.
 */
export async function chooseTunedForms(
  title: string,
  folder: Uri,
  boxes: string,
  classes: number,
  combinerInUse?: string,
): Promise<TunedForms | undefined> {
  const way = await pickValue(title, l10n.t('Tuned as well?'), [
    {
      value: 'none' as const,
      label: l10n.t('Untuned'),
      detail: l10n.t('The method as it is, beside four others'),
    },
    ...(combinerInUse === undefined
      ? []
      : [
          {
            value: 'inUse' as const,
            label: l10n.t('With the Combiner in Use Too'),
            description: basename(combinerInUse),
            detail: l10n.t('Photos that it was tuned on are left out of what is measured'),
          },
        ]),
    {
      value: 'same' as const,
      label: l10n.t('Tuned on This Folder Too'),
      detail: l10n.t('Photos that tuning has seen are left out of what is measured'),
    },
    { value: 'other' as const, label: l10n.t('Tuned on Another Folder Too…') },
  ]);
  if (way === undefined) return undefined;
  if (way === 'none') return { tuning: null, combiner: null };
  if (way === 'inUse') return { tuning: null, combiner: combinerInUse! };
  const own = way === 'same';
  const from = own
    ? folder
    : await chooseFolder(null, { title: l10n.t('Tune on a Folder’s Labels'), openLabel: l10n.t('Tune') });
  if (!from) return undefined;
  const shots = await chooseNumber(shotsLines(classes, localisation()), {
    title,
    prompt: l10n.t(
      'Labelled objects a class to tune on. Half as many more are held out to judge the result.',
    ),
    least: fewestShots,
  });
  if (shots === null) return undefined;
  const seeds = await chooseNumber(seedsLines(localisation()), {
    title,
    prompt: l10n.t(
      'Tuning runs, each on {0} other objects a class. The mean and the deviation are reported.',
      shots,
    ),
    least: 1,
  });
  if (seeds === null) return undefined;
  const isLabelled = own && boxes !== 'image' && boxes !== 'detector';
  const tuning = { folder: from.fsPath, boxes: isLabelled ? boxes : 'annotations', shots, seeds };
  return { tuning, combiner: null };
}
