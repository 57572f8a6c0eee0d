import { ablations } from '../../evaluation/ablation';
import type { EvaluationReport } from '../../protocol/evaluation';
import type { MethodConfiguration } from '../../pipeline/configuration';
import { bundleConfiguration, patchConfiguration, refuseForeignAliases } from '../methodDefaults';
import type { CurvePoint } from '../../protocol/tuning';
import type { EvaluationOptions, EvaluationProgress } from '../../protocol/evaluationRun';
import type { ModelWorkers } from '../models/modelWorkers';
import { trainedCombiner } from '../../tuning/combinerParameters';
import { detectorThreshold, gatherDetectedSets, keepDetected } from './detectedSets';
import {
  compareStudies,
  gatherEvaluationData,
  refuseSameFolder,
  studySet,
  type StudiedSet,
} from './evaluateFolders';
import { EvaluationWatch } from './evaluationWatch';
import type { EvaluationPlot } from './evaluationPlots';
import { readLabelledFolder } from './labelledPhotos';
import { studyPlan, studySettings, type TunedForm } from './studyPlan';
import {
  passShots,
  trialIn,
  tuneBestForm,
  tuneInForm,
  tuningTrials,
  type TuneOptions,
  type TuningTrial,
} from './tuneFolder';
import { TuningWatch } from './tuningWatch';

/** What an evaluation is to do, with what only the engine knows. */
export interface EvaluationWork extends EvaluationOptions {
  threads: number;
  generator: string;
}

/**
 * Tunes where asked, passes every object of all sets through the towers once, and compares the method in all its forms with
 * the baselines.
 *
 * @throws UserFacingError when a folder does not serve; the signal's reason when aborted.
 */
export async function runEvaluation(
  options: EvaluationWork,
  models: ModelWorkers,
  progressed: (progress: EvaluationProgress) => void,
  signal: AbortSignal,
): Promise<{ report: EvaluationReport; plots: EvaluationPlot[] }> {
  refuseSameFolder(options.id, options.ood);
  const isDetected = options.boxes === 'detector';
  const detected = isDetected ? await gatherDetected(options, models, signal) : null;
  const data = detected ?? (await gatherEvaluationData(options, signal));
  const form = patchConfiguration(bundleConfiguration(models.bundle.manifest), options.configuration ?? {});
  refuseForeignAliases(options.classes, form);
  const trials = options.configuration ? [trialIn('as configured', form)] : tuningTrials(form);
  const watch = new EvaluationWatch(
    {
      seeds: options.tuning?.seeds ?? 0,
      forms: trials.length + (options.ablate ? ablations.length : 0),
      sets: [data.id, ...data.ood],
    },
    progressed,
  );
  const { forms: tuned, pictures } = await tuneForms(options, trials, models, watch, signal);
  const plan = studyPlan(form, tuned, options.ablate);
  const classTexts = await models.classTexts(options.classes, form);
  await models.openStudy(studySettings(plan, classTexts));
  watch.pause();
  const study = (set: typeof data.id): Promise<StudiedSet> =>
    studySet(set, models, pictures, (photos) => watch.measured(set, photos), signal);
  let id = await study(data.id);
  let ood: StudiedSet[] = [];
  for (const set of data.ood) ood.push(await study(set));
  let threshold: number | null = null;
  if (detected) {
    const sure = detectorThreshold(id, detected.annotated, options.classes, 0);
    [id, ...ood] = [id, ...ood].map((set) => keepDetected(set, sure));
    threshold = sure;
  }
  watch.comparing();
  const { id: modelId, version } = models.bundle.manifest;
  const report: EvaluationReport = {
    version: 1,
    generator: options.generator,
    createdAt: new Date().toISOString(),
    model: { id: modelId, version, sha256: models.bundle.sha256 },
    classes: [...options.classes],
    boxes: options.boxes,
    minimumSide: options.minimumSide,
    detectorThreshold: threshold,
    configuration: form,
    tuning: options.tuning && {
      folder: options.tuning.folder,
      shots: options.tuning.shots,
      seeds: options.tuning.seeds,
      photosLeftOut: [id, ...ood].reduce((sum, { tunedOn }) => sum + tunedOn, 0),
    },
    removed: data.removed,
    unreadable: [id, ...ood].flatMap(({ unreadable }) => unreadable),
    problems: data.problems,
    comparison: compareStudies(plan, id, ood, options.classes),
  };
  // The plotting library is large, and only wanted here.
  const { evaluationPlots } = await import('./evaluationPlots');
  return { report, plots: evaluationPlots(plan, id, ood) };
}

function gatherDetected(
  options: EvaluationWork,
  models: ModelWorkers,
  signal: AbortSignal,
): ReturnType<typeof gatherDetectedSets> {
  return gatherDetectedSets(options, models.detector.detector.defaults, signal);
}

/** A combiner a seed in the form that serves best, and, for an ablation, one without each part of that form. */
async function tuneForms(
  options: EvaluationWork,
  trials: readonly TuningTrial[],
  models: ModelWorkers,
  watch: EvaluationWatch,
  signal: AbortSignal,
): Promise<{ forms: TunedForm[]; pictures: Set<string> }> {
  const tunedForms: TunedForm[] = [];
  const pictures = new Set<string>();
  const { tuning, classes, threads, generator } = options;
  if (!tuning) return { forms: tunedForms, pictures };
  const labelled = await readLabelledFolder(tuning.folder, tuning.boxes, options.minimumSide, signal);
  for (let seed = 1; seed <= tuning.seeds; seed++) {
    const tune: TuneOptions = { classes, shots: tuning.shots, seed, threads, generator };
    const told = new TuningWatch(classes, ({ stage }) => watch.tuning(seed, stage));
    const passed = await passShots(labelled, models, tune, told, signal);
    passed.pictures.forEach((picture) => pictures.add(picture));
    const parts = options.ablate ? ablations : [];
    const forms = trials.length + parts.length;
    const { trial, tuned } = await tuneBestForm(
      trials,
      passed,
      models,
      tune,
      (look) => told.looked(look),
      signal,
      forms,
    );
    const keep = (
      ablation: string | null,
      { parameters, backgroundTexts }: typeof tuned,
      configuration: MethodConfiguration,
    ): void =>
      void tunedForms.push({
        ablation,
        seed,
        configuration,
        combiner: trainedCombiner(parameters),
        backgroundTexts,
      });
    keep(null, tuned, trial.configuration);
    for (const [at, { id, name, apply, trainsBackgroundText }] of parts.entries()) {
      const configuration = apply(trial.configuration);
      const without = { ...trial, name, configuration, trainsBackgroundText };
      const number = trials.length + at + 1;
      const looked = (point: CurvePoint): void => told.looked({ trial: without, number, of: forms, point });
      keep(id, await tuneInForm(without, passed, models, tune, looked, signal), without.configuration);
    }
  }
  return { forms: tunedForms, pictures };
}
