import { promptSets } from '../pipeline/promptSets';
import type { ScanOptions } from '../protocol/engine';
import type { Bundle } from '../hub/bundle';
import { UserFacingError } from '../protocol/userFacingError';
import { chooseForm } from './chosenForm';
import { fitReadout, writeFittedBundle, writeScoreForm, type ReadoutForm } from './fitReadout';
import type { ModelWorkers } from './models/modelWorkers';
import { scoreFormsTried, unlabelledScore } from './scoreForms';

/** Boxes a first scan gives to the fit; more change little. */
const boxesForFit = 400;

const firstForm: ReadoutForm = {
  clsShare: 0.5,
  backgroundGain: 0.1,
  scoreForm: unlabelledScore,
  boxMargin: 0.1,
  prompts: [...promptSets.short],
};

/** Whether a model has no readout yet, or one whose form of the score is still to be chosen. */
export function needsFit({ manifest }: Bundle): boolean {
  const { fittedOn } = manifest.readout;
  return !fittedOn || fittedOn.formIsOpen === true;
}

/**
 * Fits the readout of a stored model that has none yet, on the objects of the folder that is scanned with it first, chooses
 * the form of its score where the folder's labels tell which is better, and stores both with the model. They never change again
 * by themselves. What was stopped between the two goes on there.
 *
 * @param load gives the models as they are stored now.
 * @param preparing told what is done.
 * @returns what was done, for a person; null where nothing was: the folder has too few boxes, or it was done before.
 * @throws the signal's reason when aborted.
 */
export async function fitOnFirstScan(
  load: () => Promise<ModelWorkers>,
  options: ScanOptions,
  preparing: (what: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  let models = await load();
  const { id, readout } = models.bundle.manifest;
  if (!needsFit(models.bundle)) return null;
  if (!readout.fittedOn) {
    if (!(await isFittedOn(options, models, preparing, signal))) return null;
    models = await load();
  }
  const chosen = await chooseForm(
    models,
    scoreFormsTried(unlabelledScore),
    options,
    (photos, of) => preparing(`Choosing the form of this model's score on labels: ${photos} of ${of} photos`),
    signal,
  );
  await writeScoreForm(models.bundle, chosen?.form ?? unlabelledScore, chosen?.said ?? 'unlabelled');
  return `The readout of ${id} was fitted on objects of ${options.folder}${chosen ? ` (${chosen.said})` : ''}, and is stored with the model.`;
}

/** Fits a model on a folder, and stores that. @returns false where the folder has too few boxes. */
async function isFittedOn(
  { folder, boxes }: ScanOptions,
  models: ModelWorkers,
  preparing: (what: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  preparing('Fitting the readout of this model, once');
  const fit = { images: folder, boxes, minimumSide: 32, maximumBoxes: boxesForFit };
  const progressed = (_: number, __: number, seen: number): void =>
    preparing(`Fitting the readout of this model, once: ${seen} boxes`);
  const fitted = await fitReadout(models, firstForm, fit, progressed, signal).catch((error: unknown) => {
    // Too few boxes, or what the scan itself will say better.
    if (error instanceof UserFacingError) return null;
    throw error;
  });
  if (!fitted) return false;
  fitted.fittedOn.formIsOpen = true;
  await writeFittedBundle(models.bundle, fitted, models.bundle.directory);
  return true;
}
