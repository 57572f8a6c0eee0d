import { ablations } from '../../evaluation/ablation';
import type { EvaluationReport } from '../../protocol/evaluation';
import type { MethodConfiguration } from '../../pipeline/configuration';
import { bundleConfiguration, patchConfiguration } from '../methodDefaults';
import type { MethodConfigurationPatch } from '../../protocol/methodConfiguration';
import type { ModelWorkers } from '../models/modelWorkers';
import { trainedCombiner } from '../../tuning/combinerParameters';
import { sameClass } from '../../dataset/classLists/classAliases';
import { detectorThreshold, gatherDetectedSets, keepDetected } from './detectedSets';
import {
  compareStudies,
  gatherEvaluationData,
  refuseSameFolder,
  studySet,
  type EvaluationFolders,
  type StudiedSet,
} from './evaluateFolders';
import type { EvaluationPlot } from './evaluationPlots';
import { readLabelledFolder } from './labelledPhotos';
import { studyPlan, studySettings, type TunedForm } from './studyPlan';
import {
  passShots,
  trialIn,
  tuneBestForm,
  tuneInForm,
  tuningTrials,
  type TuneListener,
  type TuneOptions,
} from './tuneFolder';

export interface EvaluationOptions extends EvaluationFolders {
  /** Tunes on this folder's labels first; null: nothing is tuned. */
  tuning: { folder: string; boxes: string; shots: number; seeds: number } | null;
  ablate: boolean;
  /** Switches in place of the bundle's; a combiner is then tuned in this form alone. */
  configuration: MethodConfigurationPatch | null;
  threads: number;
  generator: string;
}

export interface EvaluationListener {
  /** A step of the work, in words. */
  doing: (what: string) => void;
}

/**
 * Tunes where asked, passes every object of all sets through the towers once, and compares the method in all its forms with
 * the baselines.
 *
 * @throws UserFacingError when a folder does not serve; the signal's reason when aborted.
 */
export async function runEvaluation(
  options: EvaluationOptions,
  models: ModelWorkers,
  listener: EvaluationListener,
  signal: AbortSignal,
): Promise<{ report: EvaluationReport; plots: EvaluationPlot[] }> {
  refuseSameFolder(options.id, options.ood);
  const isDetected = options.boxes === 'detector';
  const detected = isDetected ? await gatherDetected(options, models, signal) : null;
  const data = detected ?? (await gatherEvaluationData(options, signal));
  const form = patchConfiguration(bundleConfiguration(models.bundle.manifest), options.configuration ?? {});
  const { forms: tuned, pictures } = await tuneForms(options, form, models, listener, signal);
  const plan = studyPlan(form, tuned, options.ablate);
  const classTexts = await models.classTexts(options.classes, form.prompts);
  await models.openStudy(studySettings(plan, classTexts));
  const study = (set: typeof data.id): Promise<StudiedSet> =>
    studySet(
      set,
      models,
      pictures,
      (photos) => listener.doing(`${set.name}: ${photos} of ${set.photos.length} photos`),
      signal,
    );
  let id = await study(data.id);
  let ood: StudiedSet[] = [];
  for (const set of data.ood) ood.push(await study(set));
  let threshold: number | null = null;
  if (detected) {
    const sure = detectorThreshold(id, detected.annotated, options.classes, 0);
    [id, ...ood] = [id, ...ood].map((set) => keepDetected(set, sure));
    threshold = sure;
  }
  listener.doing('comparing');
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
  options: EvaluationOptions,
  models: ModelWorkers,
  signal: AbortSignal,
): ReturnType<typeof gatherDetectedSets> {
  const isKnown = (label: string): boolean => options.classes.some((name) => sameClass(name, label));
  return gatherDetectedSets({ ...options, isKnown }, models.detector.detector.defaults, signal);
}

/** A combiner a seed in the form that serves best, and, for an ablation, one without each part of that form. */
async function tuneForms(
  options: EvaluationOptions,
  form: MethodConfiguration,
  models: ModelWorkers,
  listener: EvaluationListener,
  signal: AbortSignal,
): Promise<{ forms: TunedForm[]; pictures: Set<string> }> {
  const forms: TunedForm[] = [];
  const pictures = new Set<string>();
  const { tuning, classes, threads, generator } = options;
  if (!tuning) return { forms, pictures };
  const labelled = await readLabelledFolder(tuning.folder, tuning.boxes, options.minimumSide, signal);
  const trials = options.configuration ? [trialIn('as configured', form)] : tuningTrials(form);
  for (let seed = 1; seed <= tuning.seeds; seed++) {
    const tune: TuneOptions = { classes, shots: tuning.shots, seed, threads, generator };
    const told: TuneListener = {
      counted: () => undefined,
      passed: (objects, total) => listener.doing(`seed ${seed}: ${objects} of ${total} objects to tune on`),
      looked: ({ name }, { step }) => listener.doing(`seed ${seed}, ${name}: step ${step}`),
    };
    const passed = await passShots(labelled, models, tune, told, signal);
    passed.pictures.forEach((picture) => pictures.add(picture));
    const { trial, tuned } = await tuneBestForm(trials, passed, models, tune, told, signal);
    const keep = (
      ablation: string | null,
      { parameters }: typeof tuned,
      configuration: MethodConfiguration,
    ): void => void forms.push({ ablation, seed, configuration, combiner: trainedCombiner(parameters) });
    keep(null, tuned, trial.configuration);
    for (const { id, name, apply } of options.ablate ? ablations : []) {
      const without = { ...trial, name, configuration: apply(trial.configuration) };
      keep(id, await tuneInForm(without, passed, models, tune, told, signal), without.configuration);
    }
  }
  return { forms, pictures };
}
