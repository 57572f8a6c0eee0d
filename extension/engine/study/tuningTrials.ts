import type { TrainedCombiner } from '../../pipeline/combiner';
import type { BundleManifest } from '../../hub/bundleManifest';
import type { Readout } from '../../pipeline/representation';
import { prepareTexts } from '../../pipeline/scoreObject';
import type { MethodConfiguration, ScoreForm } from '../../pipeline/configuration';
import type { CurvePoint, HeldOutFigures } from '../../protocol/tuning';
import { UserFacingError } from '../../protocol/userFacingError';
import { backgroundTextsOf } from '../../tuning/backgroundTextNetwork';
import { shapeOf, type CombinerParameters, type CombinerShape } from '../../tuning/combinerParameters';
import type { HeldOutScores } from '../../tuning/heldOut';
import { readLinearHead } from '../../tuning/linearHead';
import type { LabelledObject } from '../../tuning/shots';
import { tuneCombiner, type TunedLook, type TunedParameters } from '../../tuning/tuneCombiner';
import { tuningExample, type ExampleSetting, type TuningExample } from '../../tuning/tuningExample';
import type { ModelWorkers } from '../models/modelWorkers';
import { scoreFormsTried } from '../scoreForms';
import type { PassedShots } from './passShots';
import type { TuneOptions } from './tuneFolder';

/** A form of the method that a combiner is tuned in. */
export interface TuningTrial {
  name: string;
  configuration: MethodConfiguration;
  learningRate: number;
  /** Whether the background text is trained with the combiner. */
  trainsBackgroundText: boolean;
}

/** Sizes of a combiner that are chosen, beside the width that the tower has. */
export type CombinerWidths = Omit<CombinerShape, 'width'>;

/** Those that served best on small towers; see docs/method.md. */
export const usualWidths: CombinerWidths = { bottleneck: 16, hidden: 64 };

/** The most steps; held-out objects mostly end tuning before. */
export const mostSteps = 60;

/** That of the combiner it begins as, where there is one. */
export const combinerShape = (
  { facts }: ModelWorkers,
  start: TrainedCombiner | null,
  widths = usualWidths,
): CombinerShape => (start ? shapeOf(start) : { width: facts.width, ...widths });

/** What tuning in a form begins as. */
const startOf = ({ readout }: MethodConfiguration, { genericCombiner }: Readout): TrainedCombiner | null =>
  readout.genericCombiner ? genericCombiner : null;

/**
 * The bundle's own form first, then from the combiner that the bundle brings where scans do not use it, then the combiner
 * alone, from nothing, without and with a background.
 */
export function tuningTrials(base: MethodConfiguration, { readout }: BundleManifest): TuningTrial[] {
  const { genericCombiner } = base.readout;
  const plain = {
    ...base.readout,
    tokenMap: false,
    clsShare: 0,
    centreBackground: false,
    genericCombiner: false,
  };
  return [
    trialIn('on the readout', base),
    ...(readout.genericCombiner && !genericCombiner
      ? [
          trialIn('from the model’s combiner', {
            ...base,
            readout: { ...base.readout, genericCombiner: true },
          }),
        ]
      : []),
    trialIn('without background', { ...base, readout: { ...plain, backgroundGain: 0 } }),
    trialIn('with a quarter of the background', { ...base, readout: { ...plain, backgroundGain: 0.25 } }),
  ];
}

/** A token map and a generic combiner are near the goal already, so what is tuned takes smaller steps. */
export function trialIn(name: string, configuration: MethodConfiguration): TuningTrial {
  return {
    name,
    configuration,
    learningRate: configuration.readout.tokenMap || configuration.readout.genericCombiner ? 1e-4 : 1e-3,
    trainsBackgroundText: false,
  };
}

/** A combiner, and the form of the method that it was tuned in. */
export interface TunedForm {
  /** Of the trial. */
  name: string;
  /** With the form of the score that was chosen. */
  configuration: MethodConfiguration;
  parameters: CombinerParameters;
  shape: CombinerShape;
  /** M̃, C × D, where it was trained; else null. */
  backgroundTexts: Float32Array | null;
  /** After so many steps; 0: as before tuning. */
  step: number;
  /** On the held-out objects. */
  scores: HeldOutScores;
  figures: HeldOutFigures;
}

/** What came of tuning in one form. */
export interface TunedInForm extends Pick<TunedParameters, 'candidates' | 'curve'> {
  best: TunedForm;
  /** After the first step, with the trial's own form of the score. */
  bestTrained: TunedForm;
}

/** Tunes in one form of the method. */
export async function tuneInForm(
  trial: TuningTrial,
  { shots, passes, otherLabels }: PassedShots,
  models: ModelWorkers,
  { classes, seed, threads, widths }: TuneOptions,
  looked: (point: CurvePoint) => void,
  signal: AbortSignal,
): Promise<TunedInForm> {
  const { configuration } = trial;
  const { tokenMap, clsShare, backgroundGain, centreBackground, scoreForm } = configuration.readout;
  const background = configuration.backgroundBranch && backgroundGain > 0;
  const trainsBackgroundText = trial.trainsBackgroundText && background;
  const readout = await models.readout();
  const start = startOf(configuration, readout);
  const shape = combinerShape(models, start, widths);
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
      objects.map((object) =>
        tuningExample(
          passes.get(object)!,
          object.label,
          inTraining ? otherLabels.get(object)! : null,
          setting,
        ),
      ),
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
      start,
      scoreForms: scoreFormsTried(scoreForm),
    },
    { threads },
    looked,
    signal,
  );
  const formAt = async ({ scoreForm, parameters, step, scores, figures }: TunedLook): Promise<TunedForm> => ({
    name: trial.name,
    configuration: withScoreForm(configuration, scoreForm),
    parameters,
    shape,
    backgroundTexts: trainsBackgroundText
      ? await backgroundTextsOf(parameters, classTexts, backgroundTexts, classes.length, { threads })
      : null,
    step,
    scores,
    figures,
  });
  const { candidates, curve } = tuned;
  const [best, bestTrained] = [await formAt(tuned.best), await formAt(tuned.bestTrained)];
  return { candidates, curve, best, bestTrained };
}

function withScoreForm(configuration: MethodConfiguration, scoreForm: ScoreForm): MethodConfiguration {
  return { ...configuration, readout: { ...configuration.readout, scoreForm } };
}
