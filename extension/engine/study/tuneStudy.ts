import { ablations } from '../../evaluation/ablation';
import { formInWords } from '../../evaluation/report/markdown';
import type { EvaluationReport } from '../../protocol/evaluation';
import type { EvaluationOptions } from '../../protocol/evaluationRun';
import type { CurvePoint } from '../../protocol/tuning';
import { trainedCombiner } from '../../tuning/combinerParameters';
import type { ModelWorkers } from '../models/modelWorkers';
import type { EvaluationWatch } from './evaluationWatch';
import { readLabelledFolder } from './labelledPhotos';
import { passShots } from './passShots';
import { untrained, type StudiedForm, type TunedStudy } from './studyPlan';
import { tuneBestForm, type TuneOptions } from './tuneFolder';
import { tuneInForm, type TunedForm, type TuningTrial } from './tuningTrials';
import { TuningWatch } from './tuningWatch';

type TuningRun = NonNullable<EvaluationReport['tuning']>['runs'][number];

/** What tuning gave for an evaluation. */
export interface StudiedTuning {
  study: TunedStudy;
  /** One a seed. */
  runs: TuningRun[];
  /** SHA-256 of the photos that tuning has seen, with any seed. */
  pictures: Set<string>;
}

/** What an evaluation needs to know to tune. */
export interface TuningWork extends Omit<TuneOptions, 'shots' | 'seed'> {
  tuning: NonNullable<EvaluationOptions['tuning']>;
  minimumSide: number;
  ablate: boolean;
}

/**
 * A combiner a seed in the form that serves best, kept or not as a tuning would decide, and, for an ablation, one trained in the
 * first form and one without each part of it.
 *
 * @throws UserFacingError when there are too few labels; the signal's reason when aborted.
 */
export async function tuneStudy(
  { tuning, minimumSide, ablate, ...work }: TuningWork,
  trials: readonly TuningTrial[],
  models: ModelWorkers,
  watch: EvaluationWatch,
  signal: AbortSignal,
): Promise<StudiedTuning> {
  const without = new Map<string, StudiedForm[]>();
  const study = { kept: [] as StudiedForm[], trained: [] as StudiedForm[], without };
  const studied: StudiedTuning = { study, runs: [], pictures: new Set() };
  const labelled = await readLabelledFolder(tuning.folder, tuning.boxes, minimumSide, signal);
  const parts = ablate ? ablations : [];
  const of = trials.length + parts.length;
  for (let seed = 1; seed <= tuning.seeds; seed++) {
    const options: TuneOptions = { ...work, shots: tuning.shots, seed };
    const told = new TuningWatch(work.classes, ({ stage }) => watch.tuning(seed, stage));
    const passed = await passShots(labelled, models, options, told, signal);
    passed.pictures.forEach((picture) => studied.pictures.add(picture));
    const tuned = await tuneBestForm(
      trials,
      passed,
      models,
      options,
      (look) => told.looked(look),
      signal,
      of,
    );
    const { best, figures, advantage, worthUsing } = tuned;
    study.kept.push(worthUsing ? studiedForm(best) : untrained(work.base));
    studied.runs.push({
      seed,
      form: formInWords(best.configuration),
      steps: best.step,
      kept: worthUsing,
      figures,
      advantage,
    });
    if (!ablate) continue;
    study.trained.push(studiedForm(tuned.trained[0]));
    for (const [at, { id, name, apply, trainsBackgroundText }] of parts.entries()) {
      const configuration = apply(trials[0].configuration);
      const trial = { ...trials[0], name, configuration, trainsBackgroundText };
      const number = trials.length + at + 1;
      const looked = (point: CurvePoint): void => told.looked({ trial, number, of, point });
      const { bestTrained } = await tuneInForm(trial, passed, models, options, looked, signal);
      without.set(id, [...(without.get(id) ?? []), studiedForm(bestTrained)]);
    }
  }
  return studied;
}

function studiedForm({ configuration, parameters, backgroundTexts }: TunedForm): StudiedForm {
  return { configuration, combiner: trainedCombiner(parameters), backgroundTexts };
}
