import type { ScoreForm } from '../pipeline/configuration';
import { promptSets } from '../pipeline/promptSets';
import type { ScanOptions } from '../protocol/engine';
import { UserFacingError } from '../protocol/userFacingError';
import { chooseForm } from './chosenForm';
import { fitReadout, writeFittedBundle, writeScoreForm, type ReadoutForm } from './fitReadout';
import type { ModelWorkers } from './models/modelWorkers';

/** Boxes a first scan gives to the fit; more change little. */
const boxesForFit = 400;

/** Without labels: towers without an absolute calibration are scored relative to the other classes. */
const unlabelledScore: ScoreForm = { kind: 'softmax', temperature: 0.03 };

const firstForm: ReadoutForm = {
  clsShare: 0.5,
  backgroundGain: 0.1,
  scoreForm: unlabelledScore,
  boxMargin: 0.1,
  prompts: [...promptSets.short],
};

/**
 * Fits the readout of a stored model that has none yet, on the objects of the folder that is scanned with it first, and
 * stores it with the model. It never changes again by itself.
 *
 * @param progressed told how many boxes were seen.
 * @returns false where the folder has too few boxes; the model is then used as it is.
 * @throws the signal's reason when aborted.
 */
export async function fitOnFirstScan(
  models: ModelWorkers,
  { folder, boxes }: ScanOptions,
  progressed: (seen: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const options = { images: folder, boxes, minimumSide: 32, maximumBoxes: boxesForFit };
  try {
    const fitted = await fitReadout(models, firstForm, options, (_, __, seen) => progressed(seen), signal);
    await writeFittedBundle(models.bundle, fitted, models.bundle.directory);
    return true;
  } catch (error) {
    // Too few boxes, or what the scan itself will say better.
    if (error instanceof UserFacingError) return false;
    throw error;
  }
}

/**
 * Chooses the form of the score of a model that has just been fitted, where the folder's labels tell which is better, and
 * stores it with the model.
 *
 * @param progressed told how many labelled objects were seen, and of how many.
 * @returns what was chosen on what; null where labels are too few, and the model stays as it is.
 * @throws the signal's reason when aborted.
 */
export async function chooseFormOnFirstScan(
  models: ModelWorkers,
  options: Pick<ScanOptions, 'folder' | 'boxes' | 'classes'>,
  progressed: (seen: number, total: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const chosen = await chooseForm(models, [unlabelledScore, { kind: 'max' }], options, progressed, signal);
  if (!chosen) return null;
  await writeScoreForm(models.bundle, chosen.form, chosen.said);
  return chosen.said;
}
