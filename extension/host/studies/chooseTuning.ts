import { l10n, window, type QuickPickItem, type Uri } from 'vscode';
import * as z from 'zod/mini';
import {
  fewestShots,
  findReviewed,
  labelSourceSchema,
  usualShots,
  type LabelSource,
  type TuningOptions,
} from '../../protocol/tuning';
import { folderName } from '../classes/classListPicker';
import type { HostServices } from '../hostServices';
import { settings } from '../settings';
import { localisation } from '../vscodeLocalisation';
import { askForNumber } from './askForNumber';
import { chooseAnnotations } from './chooseAnnotations';
import { labelLines, type KnownLabels, type LabelLine } from './labelLines';

/** What a caller already knows; the rest is found, or asked for. */
export const tuningAnswersSchema = z.object({
  classes: z.optional(z.union([z.string(), z.array(z.string())])),
  labels: z.optional(labelSourceSchema),
  shots: z.optional(z.int().check(z.gte(fewestShots))),
  seed: z.optional(z.int()),
});
export type TuningAnswers = z.infer<typeof tuningAnswersSchema>;

/**
 * What to tune on: asked for where the folder has several kinds of labels or none that is known, and where nobody chose classes.
 *
 * @param scanId the scan whose verdicts count; null: the last that was reviewed.
 * @returns null when the person left.
 */
export async function chooseTuning(
  host: HostServices,
  folder: Uri,
  scanId: string | null,
  given: TuningAnswers | null,
): Promise<TuningOptions | null> {
  const known = await knownLabels(host, folder, scanId);
  const labels = given?.labels ?? (await chooseLabels(folder, known));
  if (!labels) return null;
  const { reviewed } = known;
  const isReviewAlone = labels.boxes === null && labels.reviewed?.scanId === reviewed?.scanId;
  const classes =
    reviewed && isReviewAlone && given?.classes === undefined
      ? reviewed.classes
      : await host.choices.chooseClasses(folder, given?.classes);
  if (!classes) return null;
  const usual = usualShots(classes.length);
  const shots = given ? (given.shots ?? usual) : await askForShots(folder, usual);
  if (shots === null) return null;
  return {
    folder: folder.fsPath,
    classes,
    model: settings.model(),
    labels,
    shots,
    seed: given?.seed ?? 1,
    output: null,
  };
}

async function knownLabels(
  { engine, choices }: HostServices,
  folder: Uri,
  scanId: string | null,
): Promise<KnownLabels> {
  const { annotations } = await choices.describe(folder);
  const { reviewed } = await engine.request(findReviewed, { folder: folder.fsPath, scanId });
  return { annotations, reviewed: reviewed && reviewed.identified.length > 0 ? reviewed : null };
}

async function chooseLabels(folder: Uri, known: KnownLabels): Promise<LabelSource | null> {
  const lines = labelLines(known, localisation());
  const [first, ...others] = lines;
  // The last line is always what lies elsewhere: with one beside it, nothing is ambiguous.
  if (first.labels && others.length === 1) return first.labels;
  const picked = await window.showQuickPick<LabelLine & QuickPickItem>(lines, {
    title: l10n.t('Labels to tune on in {0}', folderName(folder)),
    placeHolder: first.labels
      ? l10n.t('What says which class an object is?')
      : l10n.t('The folder has no annotations and no review verdicts'),
    ignoreFocusOut: true,
  });
  if (!picked) return null;
  if (picked.labels) return picked.labels;
  const boxes = await chooseAnnotations(folder);
  return boxes === null ? null : { boxes, reviewed: null };
}

function askForShots(folder: Uri, usual: number): Promise<number | null> {
  return askForNumber({
    title: l10n.t('Tune on {0}', folderName(folder)),
    prompt: l10n.t('Labelled objects a class. Half as many more are held out to judge the result.'),
    usual,
    least: fewestShots,
  });
}
