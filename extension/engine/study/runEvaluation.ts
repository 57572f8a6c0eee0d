import { basename } from 'node:path';
import { ablations } from '../../evaluation/ablation';
import type { MethodConfiguration } from '../../pipeline/configuration';
import type { EvaluationReport } from '../../protocol/evaluation';
import {
  bundleConfiguration,
  patchConfiguration,
  refuseForeignAliases,
  refuseMissingCombiner,
} from '../methodDefaults';
import type { EvaluationOptions, EvaluationProgress } from '../../protocol/evaluationRun';
import type { ModelWorkers } from '../models/modelWorkers';
import { combinerIdentity, openCombiner } from '../openCombiner';
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
import { studyPlan, studySettings } from './studyPlan';
import { tuneStudy } from './tuneStudy';
import { trialIn, tuningTrials } from './tuningTrials';

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
  const patch = options.configuration ?? {};
  const form = patchConfiguration(bundleConfiguration(models.bundle.manifest), patch);
  refuseForeignAliases(options.classes, form);
  refuseMissingCombiner(form, models.bundle.manifest);
  const own = options.combiner === null ? null : await openCombiner(options.combiner, models.bundle);
  const trials = options.configuration
    ? [trialIn('as configured', form)]
    : tuningTrials(form, models.bundle.manifest);
  const watch = new EvaluationWatch(
    {
      seeds: options.tuning?.seeds ?? 0,
      forms: trials.length + (options.ablate ? ablations.length : 0),
      sets: [data.id, ...data.ood],
    },
    progressed,
  );
  const { tuning, ...work } = options;
  const tuned = tuning && (await tuneStudy({ ...work, tuning, base: form }, trials, models, watch, signal));
  const seen = new Set([...(tuned?.pictures ?? []), ...(own?.file.header.tunedOn.pictures ?? [])]);
  const plan = studyPlan({
    form,
    bringsCombiner: models.bundle.manifest.readout.genericCombiner !== undefined,
    tuned: tuned?.study ?? null,
    combiner: own && {
      name: basename(own.file.path),
      configuration: patchConfiguration(own.file.header.method, patch),
      combiner: own.combiner,
      backgroundTexts: null,
    },
    withAblation: options.ablate,
  });
  const classTexts = await models.classTexts(options.classes, form);
  await models.openStudy(studySettings(plan, classTexts));
  watch.pause();
  const study = (set: typeof data.id): Promise<StudiedSet> =>
    studySet(set, models, seen, (photos) => watch.measured(set, photos), signal);
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
  const report: EvaluationReport = {
    ...settingsOf(options, models, form),
    detectorThreshold: threshold,
    tuning: tuning && {
      folder: tuning.folder,
      shots: tuning.shots,
      seeds: tuning.seeds,
      runs: tuned?.runs ?? [],
    },
    combiner: own && { ...combinerIdentity(own.file), file: own.file.path },
    photosLeftOut: [id, ...ood].reduce((sum, { tunedOn }) => sum + tunedOn, 0),
    removed: data.removed,
    unreadable: [id, ...ood].flatMap(({ unreadable }) => unreadable),
    problems: data.problems,
    comparison: compareStudies(plan, id, ood, options.classes),
  };
  // The plotting library is large, and only wanted here.
  const { evaluationPlots } = await import('./evaluationPlots');
  return { report, plots: evaluationPlots(plan, id, ood) };
}

/** What a report says of an evaluation before anything is measured. */
function settingsOf(
  { generator, classes, boxes, minimumSide }: EvaluationWork,
  { bundle }: ModelWorkers,
  configuration: MethodConfiguration,
): Pick<
  EvaluationReport,
  'version' | 'generator' | 'createdAt' | 'model' | 'classes' | 'boxes' | 'minimumSide' | 'configuration'
> {
  const { id, version } = bundle.manifest;
  return {
    version: 1,
    generator,
    createdAt: new Date().toISOString(),
    model: { id, version, sha256: bundle.sha256 },
    classes: [...classes],
    boxes,
    minimumSide,
    configuration,
  };
}

function gatherDetected(
  options: EvaluationWork,
  models: ModelWorkers,
  signal: AbortSignal,
): ReturnType<typeof gatherDetectedSets> {
  return gatherDetectedSets(options, models.detector.detector.defaults, signal);
}
