import { basename } from 'node:path';
import type { AnnotationProblem } from '../../dataset/annotations/annotations';
import type { CombinerHeader } from '../../hub/combinerFile';
import type { Tensor } from '../../hub/safetensors';
import type { MethodConfiguration } from '../../pipeline/configuration';
import {
  leadAskedFor,
  type Advantage,
  type CurvePoint,
  type HeldOutFigures,
  type TuningCurve,
} from '../../protocol/tuning';
import { crossFitAdvantage } from '../../tuning/advantage';
import { tensorsOf } from '../../tuning/combinerTensors';
import { heldOutFigures, type HeldOutScores } from '../../tuning/heldOut';
import type { Shots } from '../../tuning/shots';
import { isBetter } from '../../tuning/tuneCombiner';
import type { ModelWorkers } from '../models/modelWorkers';
import type { LabelledFolder } from './labelledPhotos';
import { passShots, type PassedShots } from './passShots';
import {
  tuneInForm,
  tuningTrials,
  type CombinerWidths,
  type TunedForm,
  type TuningTrial,
} from './tuningTrials';

export interface TuneOptions {
  classes: readonly string[];
  /** The form of the method that a scan would have without a combiner; tuning has to beat it. */
  base: MethodConfiguration;
  /** Objects a class. */
  shots: number;
  seed: number;
  /** Threads of a tuning step. */
  threads: number;
  widths?: CombinerWidths;
}

export interface TuneListener {
  /** What was found of each class, before any work. */
  counted: (shots: Shots, tooFew: readonly string[]) => void;
  passed: (objects: number, total: number) => void;
  /** A look at the held-out objects in one of the forms that are tried. */
  looked: (look: TuningLook) => void;
}

/** One look at the held-out objects while one of the forms, 1-based, is tuned. */
export interface TuningLook {
  trial: TuningTrial;
  number: number;
  of: number;
  point: CurvePoint;
}

export interface TuningResult {
  header: CombinerHeader;
  tensors: Map<string, Tensor>;
  worthUsing: boolean;
  advantage: Advantage;
  /** Photos whose objects were drawn and that cannot be read. */
  unreadable: AnnotationProblem[];
}

/**
 * Tunes a combiner on some of the labelled objects of a folder, in each of the usual forms, and keeps the one that tells
 * held-out objects apart best.
 *
 * @throws UserFacingError when there are too few labels; the signal's reason when aborted.
 */
export async function tuneFolder(
  labelled: LabelledFolder,
  models: ModelWorkers,
  options: TuneOptions & { generator: string },
  listener: TuneListener,
  signal: AbortSignal,
): Promise<TuningResult> {
  const passed = await passShots(labelled, models, options, listener, signal);
  const trials = tuningTrials(options.base, models.bundle.manifest);
  const { best, figures, advantage, worthUsing, curves } = await tuneBestForm(
    trials,
    passed,
    models,
    options,
    (look) => listener.looked(look),
    signal,
  );
  const { id, version } = models.bundle.manifest;
  const { shots } = passed;
  return {
    unreadable: passed.unreadable,
    worthUsing,
    advantage,
    tensors: tensorsOf(best.parameters, best.shape),
    header: {
      bundle: { id, version, sha256: models.bundle.sha256 },
      classes: [...options.classes],
      shape: best.shape,
      method: best.configuration,
      tunedOn: {
        folder: basename(labelled.folder),
        shots: options.shots,
        objects: shots.training.length,
        heldOut: shots.heldOut.length,
        outside: shots.outside.length,
        seed: options.seed,
        steps: best.step,
        pictures: passed.pictures,
      },
      figures,
      advantage,
      curves,
      generator: options.generator,
      createdAt: new Date().toISOString(),
    },
  };
}

/** What came of tuning in several forms. */
export interface TunedForms {
  /** Which tells held-out objects apart best. */
  best: TunedForm;
  figures: { untuned: HeldOutFigures; tuned: HeldOutFigures };
  advantage: Advantage;
  /** Whether choosing so leads the first form untuned often enough. */
  worthUsing: boolean;
  /** The best look after the first step, one a form, with its own form of the score. */
  trained: TunedForm[];
  curves: TuningCurve[];
}

/** Tunes in each of the forms. @param trials the first is what is to be beaten, untuned. */
export async function tuneBestForm(
  trials: readonly TuningTrial[],
  passed: PassedShots,
  models: ModelWorkers,
  options: TuneOptions,
  looked: TuneListener['looked'],
  signal: AbortSignal,
  /** Forms that are tuned in all, where others follow. */
  of = trials.length,
): Promise<TunedForms> {
  let best: TunedForm | undefined;
  const candidates: HeldOutScores[] = [];
  const trained: TunedForm[] = [];
  const curves: TuningCurve[] = [];
  for (const [at, trial] of trials.entries()) {
    const tell = (point: CurvePoint): void => looked({ trial, number: at + 1, of, point });
    const tuned = await tuneInForm(trial, passed, models, options, tell, signal);
    curves.push({ form: trial.name, points: tuned.curve });
    trained.push(tuned.bestTrained);
    candidates.push(...tuned.candidates);
    if (!best || isBetter(tuned.best.figures, best.figures)) best = tuned.best;
  }
  const advantage = crossFitAdvantage(candidates, heldOutPictures(passed));
  return {
    best: best!,
    figures: { untuned: heldOutFigures(candidates[0]), tuned: best!.figures },
    advantage,
    worthUsing: advantage.lead >= leadAskedFor,
    trained,
    curves,
  };
}

function heldOutPictures({ shots }: PassedShots): { known: string[]; outside: string[] } {
  return {
    known: shots.heldOut.map(({ picture }) => picture),
    outside: shots.outside.map(({ picture }) => picture),
  };
}
