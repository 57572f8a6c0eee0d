import { basename } from 'node:path';
import { l10n, type Uri } from 'vscode';
import * as z from 'zod/mini';
import { evaluationOptionsSchema, type EvaluationOptions } from '../../protocol/evaluationRun';
import { folderName, type FolderDescription } from '../classes/classListPicker';
import { askForFolders } from '../folders';
import type { HostServices } from '../hostServices';
import { settings } from '../settings';
import { chooseAnnotations } from './chooseAnnotations';
import { chooseTunedForms } from './chooseTunedForms';
import { pickValue } from './pickValue';

const { boxes, ood, tuning, combiner, ablate } = evaluationOptionsSchema.shape;
/** What a caller already knows; what is left out is as the command line has it. */
export const evaluationAnswersSchema = z.object({
  classes: z.optional(z.union([z.string(), z.array(z.string())])),
  boxes: z.optional(boxes),
  ood: z.optional(ood),
  tuning: z.optional(tuning),
  combiner: z.optional(combiner),
  ablate: z.optional(ablate),
});
export type EvaluationAnswers = z.infer<typeof evaluationAnswersSchema>;

/** Boxes with a shorter side, in pixels, are left out. */
const minimumSide = 32;

/** What is to be measured, asked for question by question where no answers are given. Null when the person left. */
export async function chooseEvaluation(
  { choices }: HostServices,
  folder: Uri,
  given: EvaluationAnswers | null,
): Promise<EvaluationOptions | null> {
  const description = await choices.describe(folder);
  const classes = await choices.chooseClasses(folder, given?.classes);
  if (!classes) return null;
  const answers = given ? { ...usualAnswers, ...given } : await ask(folder, description, classes.length);
  if (!answers) return null;
  return {
    id: folder.fsPath,
    classes,
    model: settings.model(),
    boxes: answers.boxes,
    ood: answers.ood,
    tuning: answers.tuning,
    combiner: answers.combiner,
    ablate: answers.ablate,
    minimumSide,
    configuration: null,
    output: null,
  };
}

type Answers = Pick<EvaluationOptions, 'boxes' | 'ood' | 'tuning' | 'combiner' | 'ablate'>;

const usualAnswers: Answers = {
  boxes: 'annotations',
  ood: [],
  tuning: null,
  combiner: null,
  ablate: false,
};

async function ask(folder: Uri, description: FolderDescription, classes: number): Promise<Answers | null> {
  const title = l10n.t('Evaluate on {0}', folderName(folder));
  const boxes = await askForBoxes(title, folder, description);
  if (boxes === null) return null;
  const ood = await askForOthers(title);
  if (!ood) return null;
  const tuned = await chooseTunedForms(title, folder, boxes, classes, settings.combiner(folder));
  if (!tuned) return null;
  const ablate = await askForAblation(title);
  return ablate === null ? null : { boxes, ood, ...tuned, ablate };
}

async function askForBoxes(
  title: string,
  folder: Uri,
  { annotations }: FolderDescription,
): Promise<string | null> {
  const annotated = annotations && {
    value: 'annotations',
    label: l10n.t('Annotated Objects'),
    description: `${annotations.format}, ${basename(annotations.source)}`,
  };
  const chosen = await pickValue<string | null>(title, l10n.t('What is scored?'), [
    ...(annotated ? [annotated] : []),
    {
      value: 'image',
      label: l10n.t('Whole Photos'),
      detail: l10n.t('Every photo is one object; photos with objects of several labels are left out'),
    },
    {
      value: 'detector',
      label: l10n.t('What the Detector Finds'),
      detail: l10n.t('All it boxes, as in VOS; annotations set its threshold'),
    },
    {
      value: null,
      label: l10n.t('Choose Annotations…'),
      description: l10n.t('a file or a folder that lies elsewhere'),
    },
  ]);
  if (chosen === undefined) return null;
  return chosen ?? chooseAnnotations(folder);
}

async function askForOthers(title: string): Promise<string[] | null> {
  const way = await pickValue(title, l10n.t('What should be told apart from the known classes?'), [
    {
      value: 'same' as const,
      label: l10n.t('What Is Labelled Otherwise in This Folder'),
      detail: l10n.t('Objects whose label is not in the class list'),
    },
    {
      value: 'others' as const,
      label: l10n.t('Other Folders…'),
      detail: l10n.t('Each on its own and all on average; known classes in them are left out'),
    },
  ]);
  if (way === undefined) return null;
  if (way === 'same') return [];
  const folders = await askForFolders(
    { title: l10n.t('Folders with Other Objects'), openLabel: l10n.t('Measure Against') },
    true,
  );
  return folders.length > 0 ? folders.map(({ fsPath }) => fsPath) : null;
}

async function askForAblation(title: string): Promise<boolean | null> {
  const chosen = await pickValue(title, l10n.t('Each part switched off in turn?'), [
    { value: false, label: l10n.t('The Whole Method Only') },
    {
      value: true,
      label: l10n.t('With Ablation'),
      detail: l10n.t(
        'The method without each of its parts as well; where it is tuned, one tuning more a part',
      ),
    },
  ]);
  return chosen ?? null;
}
