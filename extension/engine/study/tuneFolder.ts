import { basename, join } from 'node:path';
import type { AnnotationProblem } from '../../dataset/annotations/annotations';
import type { CombinerHeader } from '../../hub/combinerFile';
import type { Tensor } from '../../hub/safetensors';
import type { MethodConfiguration } from '../../pipeline/configuration';
import { prepareTexts, type ObjectPasses } from '../../pipeline/scoreObject';
import type { CurvePoint, HeldOutFigures, TuningCurve } from '../../protocol/tuning';
import { UserFacingError } from '../../protocol/userFacingError';
import { backgroundTextsOf } from '../../tuning/backgroundTextNetwork';
import type { CombinerShape } from '../../tuning/combinerParameters';
import { tensorsOf } from '../../tuning/combinerTensors';
import { readLinearHead } from '../../tuning/linearHead';
import { drawShots, type LabelledObject, type Shots } from '../../tuning/shots';
import { isBetter, tuneCombiner, type TunedParameters } from '../../tuning/tuneCombiner';
import { tuningExample, type ExampleSetting, type TuningExample } from '../../tuning/tuningExample';
import { bundleConfiguration } from '../methodDefaults';
import type { ModelWorkers } from '../models/modelWorkers';
import { inLanes } from '../inLanes';
import type { LabelledFolder } from './labelledPhotos';
import { labelledObjects, labelsOf } from './objectLabels';

export interface TuneOptions {
  classes: readonly string[];
  /** Objects a class. */
  shots: number;
  seed: number;
  /** Threads of a tuning step. */
  threads: number;
  generator: string;
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

/** A form of the method that a combiner is tuned in. */
export interface TuningTrial {
  name: string;
  configuration: MethodConfiguration;
  learningRate: number;
  /** Whether the background text is trained with the combiner. */
  trainsBackgroundText: boolean;
}

export interface TuningResult {
  header: CombinerHeader;
  tensors: Map<string, Tensor>;
  /** Whether it told the held-out objects apart better than the bundle's readout without a combiner. */
  worthUsing: boolean;
  /** Photos whose objects were drawn and that cannot be read. */
  unreadable: AnnotationProblem[];
}

/** Sizes that served best on small towers; see docs/method.md. */
const bottleneck = 16;
const hidden = 64;

/** The most steps; held-out objects mostly end tuning before. */
export const mostSteps = 60;
const fewestClasses = 2;

/** The objects of a tuning run with the passes of both towers. */
export interface PassedShots {
  shots: Shots;
  passes: Map<LabelledObject, ObjectPasses>;
  /** Labels of the other objects of its picture that belong to the class list. */
  otherLabels: Map<LabelledObject, number[]>;
  pictures: string[];
  unreadable: AnnotationProblem[];
}

/**
 * Tunes a combiner on some of the labelled objects of a folder, in each form of `trials`, and keeps the one that tells
 * held-out objects apart best.
 *
 * @throws UserFacingError when there are too few labels; the signal's reason when aborted.
 */
export async function tuneFolder(
  labelled: LabelledFolder,
  models: ModelWorkers,
  options: TuneOptions,
  listener: TuneListener,
  signal: AbortSignal,
): Promise<TuningResult> {
  const passed = await passShots(labelled, models, options, listener, signal);
  const base = bundleConfiguration(models.bundle.manifest);
  const { trial, tuned, untuned, curves } = await tuneBestForm(
    tuningTrials(base),
    passed,
    models,
    options,
    (look) => listener.looked(look),
    signal,
  );
  const { id, version } = models.bundle.manifest;
  const { shots } = passed;
  const shape = combinerShape(models);
  return {
    unreadable: passed.unreadable,
    worthUsing: tuned.best.step > 0 && isBetter(tuned.best.heldOut, untuned),
    tensors: tensorsOf(tuned.parameters, shape),
    header: {
      bundle: { id, version, sha256: models.bundle.sha256 },
      classes: [...options.classes],
      shape,
      method: trial.configuration,
      tunedOn: {
        folder: basename(labelled.folder),
        shots: options.shots,
        objects: shots.training.length,
        heldOut: shots.heldOut.length,
        outside: shots.outside.length,
        seed: options.seed,
        steps: tuned.best.step,
        pictures: passed.pictures,
      },
      figures: { untuned, tuned: tuned.best.heldOut },
      curves,
      generator: options.generator,
      createdAt: new Date().toISOString(),
    },
  };
}

/** @returns the trial whose combiner tells held-out objects apart best, and what the first form does without a combiner. */
export async function tuneBestForm(
  trials: readonly TuningTrial[],
  passed: PassedShots,
  models: ModelWorkers,
  options: TuneOptions,
  looked: TuneListener['looked'],
  signal: AbortSignal,
  /** Forms that are tuned in all, where others follow. */
  of = trials.length,
): Promise<{ trial: TuningTrial; tuned: TunedInForm; untuned: HeldOutFigures; curves: TuningCurve[] }> {
  let best: { trial: TuningTrial; tuned: TunedInForm } | undefined;
  let untuned: HeldOutFigures | undefined;
  const curves: TuningCurve[] = [];
  for (const [at, trial] of trials.entries()) {
    const tell = (point: CurvePoint): void => looked({ trial, number: at + 1, of, point });
    const tuned = await tuneInForm(trial, passed, models, options, tell, signal);
    curves.push({ form: trial.name, points: tuned.curve });
    untuned ??= tuned.curve[0].heldOut;
    if (!best || isBetter(tuned.best.heldOut, best.tuned.best.heldOut)) best = { trial, tuned };
  }
  return { ...best!, untuned: untuned!, curves };
}

const combinerShape = ({ facts }: ModelWorkers): CombinerShape => ({
  width: facts.width,
  bottleneck,
  hidden,
});

/** The bundle's own form first, then the combiner alone, without and with a background. */
export function tuningTrials(base: MethodConfiguration): TuningTrial[] {
  const plain = { ...base.readout, tokenMap: false, clsShare: 0, centreBackground: false };
  return [
    trialIn('on the readout', base),
    trialIn('without background', { ...base, readout: { ...plain, backgroundGain: 0 } }),
    trialIn('with a quarter of the background', { ...base, readout: { ...plain, backgroundGain: 0.25 } }),
  ];
}

/** A token map is near the goal already, so its combiner takes smaller steps. */
export function trialIn(name: string, configuration: MethodConfiguration): TuningTrial {
  return {
    name,
    configuration,
    learningRate: configuration.readout.tokenMap ? 1e-4 : 1e-3,
    trainsBackgroundText: false,
  };
}

/** What came of tuning in one form. */
export interface TunedInForm extends TunedParameters {
  /** M̃, C × D, where it was trained; else null. */
  backgroundTexts: Float32Array | null;
}

/** Tunes in one form of the method. */
export async function tuneInForm(
  trial: TuningTrial,
  { shots, passes, otherLabels }: PassedShots,
  models: ModelWorkers,
  { classes, seed, threads }: TuneOptions,
  looked: (point: CurvePoint) => void,
  signal: AbortSignal,
): Promise<TunedInForm> {
  const { configuration } = trial;
  const { tokenMap, clsShare, backgroundGain, centreBackground, scoreForm } = configuration.readout;
  const background = configuration.backgroundBranch && backgroundGain > 0;
  const trainsBackgroundText = trial.trainsBackgroundText && background;
  const shape = combinerShape(models);
  const readout = await models.readout();
  const setting: ExampleSetting = {
    texts: prepareTexts(await models.classTexts(classes, configuration), configuration),
    textAttention: await models.textAttention(classes, configuration.prompts),
    configuration,
    readout,
    grid: models.facts.grid,
    trainsBackgroundText,
  };
  const prepared = (objects: readonly LabelledObject[], inTraining: boolean): Promise<TuningExample[]> =>
    Promise.all(
      objects.flatMap((object) => {
        const pass = passes.get(object);
        if (!pass) return []; // its photo could not be read
        return tuningExample(pass, object.label, inTraining ? otherLabels.get(object)! : null, setting);
      }),
    );
  const training = await prepared(shots.training, true);
  const head = await readLinearHead(
    (tokens, rows) => models.project(tokens, rows),
    shape.width,
    training[0].target.tokens,
  ).catch((error: Error) => {
    throw new UserFacingError(
      `${models.bundle.manifest.id} cannot be tuned: ${error.message}. Choose another model.`,
    );
  });
  const { classTexts, backgroundTexts } = setting.texts;
  const tuned = await tuneCombiner(
    {
      training,
      heldOut: await prepared(shots.heldOut, false),
      outside: await prepared(shots.outside, false),
      unitTexts: classTexts,
      weightedTexts: trainsBackgroundText ? backgroundTexts : null,
      classes: classes.length,
    },
    {
      shape,
      grid: models.facts.grid,
      head,
      tokenMap: tokenMap ? (readout.tokenMap?.matrix ?? null) : null,
      pooledShare: 1 - clsShare,
      background,
      convolutions: configuration.convolutions,
      trainedText: trainsBackgroundText
        ? { meanBackground: centreBackground ? readout.meanBackground : null }
        : null,
    },
    {
      seed,
      steps: mostSteps,
      learningRate: trial.learningRate,
      weightDecay: 0.01,
      scale: 100,
      gain: background ? backgroundGain : 0,
      scoreForm,
    },
    { threads },
    looked,
    signal,
  );
  return {
    ...tuned,
    backgroundTexts: trainsBackgroundText
      ? await backgroundTextsOf(tuned.parameters, classTexts, backgroundTexts, classes.length, { threads })
      : null,
  };
}

function refuseTooFew(
  { training, heldOut, available }: Shots,
  objects: readonly LabelledObject[],
  { folder, origin }: LabelledFolder,
  { classes }: TuneOptions,
): void {
  const withShots = new Set(training.map(({ label }) => label)).size;
  if (withShots >= fewestClasses && heldOut.length > 0) return;
  if (objects.length === 0)
    throw new UserFacingError(
      `No labelled object of 32 pixels or more was found in ${folder} (${origin}). Tuning needs labels.`,
    );
  const found = classes.filter((_, label) => available[label] > 0);
  throw new UserFacingError(
    `${folder} has too few labels to tune on: ${found.length === 0 ? 'none' : `only ${found.join(', ')}`} of ${classes.length === 1 ? 'the one class' : `${classes.length} classes`} ${found.length > 1 ? 'have' : 'has'} labelled objects of 32 pixels or more that can be read (${origin}). Tuning needs two classes with two objects each, better ten.`,
  );
}

/** Draws the objects of a tuning run and passes them through the image tower, photo by photo. @throws as `tuneFolder`. */
export async function passShots(
  labelled: LabelledFolder,
  models: ModelWorkers,
  options: TuneOptions,
  listener: Pick<TuneListener, 'counted' | 'passed'>,
  signal: AbortSignal,
): Promise<PassedShots> {
  const { folder, photos } = labelled;
  const { classes } = options;
  const objects = labelledObjects(photos, classes);
  const shots = drawShots(objects, classes.length, options.shots, options.seed);
  refuseTooFew(shots, objects, labelled, options);
  listener.counted(
    shots,
    classes.filter((_, label) => shots.available[label] < options.shots),
  );
  const drawn = [...shots.training, ...shots.heldOut, ...shots.outside];
  const byPicture = new Map<string, LabelledObject[]>();
  for (const object of drawn)
    byPicture.set(object.picture, [...(byPicture.get(object.picture) ?? []), object]);
  const labelOf = labelsOf(classes);
  const passed: PassedShots = {
    shots,
    passes: new Map(),
    otherLabels: new Map(),
    pictures: [],
    unreadable: [],
  };
  const { boxMargin } = bundleConfiguration(models.bundle.manifest).views;
  const wanted = photos.filter(({ file }) => byPicture.has(file));
  await inLanes(wanted, models.lanes, async ({ file, objects }) => {
    signal.throwIfAborted();
    const photo = await models.openPhoto(join(folder, file));
    if ('unreadable' in photo) {
      passed.unreadable.push({ file, reason: photo.unreadable });
      return;
    }
    try {
      const own = byPicture.get(file)!;
      const boxes = own.map(({ place }) => objects[place].box);
      const passes = await photo.passes(boxes, boxMargin, objects.length);
      own.forEach((object, at) => {
        passed.passes.set(object, passes[at]);
        const others = objects.flatMap((other, place) => {
          const label = place === object.place ? null : labelOf(other);
          return label === null || label < 0 ? [] : [label];
        });
        passed.otherLabels.set(object, [...new Set(others)]);
      });
      passed.pictures.push(photo.facts.sha256);
    } finally {
      await photo.close();
    }
    listener.passed(passed.passes.size, drawn.length);
  });
  passed.pictures.sort();
  const read = (drawnObjects: readonly LabelledObject[]): LabelledObject[] =>
    drawnObjects.filter((object) => passed.passes.has(object));
  passed.shots = {
    ...shots,
    training: read(shots.training),
    heldOut: read(shots.heldOut),
    outside: read(shots.outside),
  };
  refuseTooFew(passed.shots, objects, labelled, options);
  return passed;
}
