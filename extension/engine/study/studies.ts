import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { checkClassList } from '../../dataset/classLists/readClassList';
import { csvReport } from '../../evaluation/report/csv';
import { formInWords, markdownReport } from '../../evaluation/report/markdown';
import { tuningReport } from '../../evaluation/report/tuningReport';
import { writeCombinerFile } from '../../hub/combinerFile';
import type { BackgroundView } from '../../pipeline/configuration';
import type { EvaluationOptions, EvaluationOutcome, EvaluationProgress } from '../../protocol/evaluationRun';
import type { ReviewedLabels, TuningOptions, TuningOutcome, TuningProgress } from '../../protocol/tuning';
import { writeWhole } from '../../store/exportFormats/writeExport';
import type { ScanStore } from '../../store/scanStore';
import { bundleConfiguration } from '../methodDefaults';
import type { ModelWorkers } from '../models/modelWorkers';
import { CombinerShelf, reportOf, type ShelfPlace } from './combinerShelf';
import { findReviewedLabels } from './reviewedLabels';
import { runEvaluation } from './runEvaluation';
import { readShotLabels } from './shotLabels';
import { timeStamp } from './timeStamp';
import { tuneFolder } from './tuneFolder';
import { TuningWatch } from './tuningWatch';

/** Labelled objects with a shorter side, in pixels, say too little. */
const smallestLabelledSide = 32;

/** What studies need of the engine they belong to. */
export interface StudyPlace extends ShelfPlace {
  /** Threads of a tuning step. */
  readonly threads: number;
  readonly generator: string;
  /** @param model id or directory; absent: the embedded bundle. @param background the form its image tower has to serve. */
  models(model?: string, background?: BackgroundView): Promise<ModelWorkers>;
  store(folder: string): Promise<ScanStore>;
  /** Whether anything of a folder is stored already. */
  hasStore(folder: string): Promise<boolean>;
}

/** Few-shot tuning and measuring: what the command line and the extension both run. */
export class Studies {
  readonly combiners: CombinerShelf;

  constructor(private readonly place: StudyPlace) {
    this.combiners = new CombinerShelf(place);
  }

  /**
   * Tunes a combiner on some of a folder's labelled objects and writes it, where it is worth using, and a report either way.
   *
   * @throws UserFacingError when the folder has too few labels; the signal's reason when aborted. The file that was there
   *   before stays in force in either case.
   */
  async tune(
    options: TuningOptions,
    progressed: (progress: TuningProgress) => void,
    signal: AbortSignal,
  ): Promise<TuningOutcome> {
    const folder = resolve(options.folder);
    const classes = checkClassList(options.classes, 'the class list');
    const store = (): Promise<ScanStore> => this.place.store(folder);
    const labelled = await readShotLabels(folder, options.labels, smallestLabelledSide, store, signal);
    const models = await this.place.models(options.model);
    signal.throwIfAborted();
    let tooFew: TuningOutcome['tooFew'] = [];
    const watch = new TuningWatch(classes, (progress) => {
      if (progress.stage.kind === 'counted') ({ tooFew } = progress.stage);
      progressed(progress);
    });
    const { threads, generator } = this.place;
    const { shots, seed } = options;
    const base = bundleConfiguration(models.bundle.manifest);
    const result = await tuneFolder(
      labelled,
      models,
      { classes, base, shots, seed, threads, generator },
      watch,
      signal,
    );
    const { header, worthUsing, advantage } = result;
    const path = options.output ?? (await this.combiners.newFile(folder));
    if (worthUsing) await writeCombinerFile(path, header, result.tensors);
    const outcome: TuningOutcome = {
      worthUsing,
      advantage,
      combiner: worthUsing ? path : null,
      report: reportOf(path, worthUsing),
      figures: header.figures,
      tunedOn: header.tunedOn,
      form: formInWords(header.method),
      curves: header.curves ?? [],
      tooFew,
    };
    await writeTuningReport(outcome, {
      folder: labelled.folder,
      labels: labelled.origin,
      model: header.bundle,
      classes,
      createdAt: header.createdAt,
      generator,
      problems: [...labelled.problems, ...result.unreadable],
    });
    return outcome;
  }

  /**
   * Measures the method and the baselines and writes `report.md`, `report.json`, `report.csv` and plots into a folder.
   *
   * @throws UserFacingError when a folder does not serve; the signal's reason when aborted.
   */
  async evaluate(
    options: EvaluationOptions,
    progressed: (progress: EvaluationProgress) => void,
    signal: AbortSignal,
  ): Promise<{ outcome: EvaluationOutcome; markdown: string }> {
    progressed({ stage: { kind: 'loading' }, share: 0, secondsLeft: null });
    const classes = checkClassList(options.classes, 'the class list');
    const models = await this.place.models(options.model, options.configuration?.views?.background);
    signal.throwIfAborted();
    const { threads, generator } = this.place;
    const { report, plots } = await runEvaluation(
      { ...options, classes, threads, generator },
      models,
      progressed,
      signal,
    );
    const folder = options.output ?? (await this.newReportFolder(resolve(options.id)));
    await mkdir(folder, { recursive: true });
    const markdown = markdownReport(report, plots);
    const files: [string, string][] = [
      ['report.json', `${JSON.stringify(report, null, 2)}\n`],
      ['report.csv', csvReport(report)],
      ...plots.map(({ file, svg }): [string, string] => [file, svg]),
      ['report.md', markdown],
    ];
    for (const [file, text] of files) await writeWhole(join(folder, file), text);
    const methods = report.comparison.methods.map(({ method, average: { figures } }) => ({
      name: method.name,
      auroc: figures.auroc.mean,
      fpr95: figures.fpr95.mean,
    }));
    return { outcome: { folder, report: join(folder, 'report.md'), methods }, markdown };
  }

  /** As `findReviewedLabels`, for a folder of which nothing may be stored. */
  async reviewed(folder: string, scanId: string | null): Promise<ReviewedLabels | null> {
    const place = resolve(folder);
    if (!(await this.place.hasStore(place))) return null;
    return findReviewedLabels(await this.place.store(place), scanId);
  }

  private async newReportFolder(id: string): Promise<string> {
    return join(await this.place.stateDirectory(id), 'evaluations', timeStamp(new Date()));
  }
}

async function writeTuningReport(
  outcome: TuningOutcome,
  facts: Parameters<typeof tuningReport>[1],
): Promise<void> {
  const { report, curves } = outcome;
  // The plotting library is large, and only wanted here.
  const { tuningPlots } = await import('../../evaluation/report/plots');
  const plots = tuningPlots(curves).map(({ name, ...plot }) => ({
    ...plot,
    file: `${basename(report, '.md')}-${name}.svg`,
  }));
  for (const { file, svg } of plots) await writeWhole(join(dirname(report), file), svg);
  await writeWhole(report, tuningReport(outcome, facts, plots));
}
