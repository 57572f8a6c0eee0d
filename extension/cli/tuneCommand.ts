import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Engine } from '../engine/engine';
import { fewestShots, usualShots, type ReviewedLabels, type TuningOptions } from '../protocol/tuning';
import { UserFacingError } from '../protocol/userFacingError';
import { classesOf } from './classesOf';
import { localEngine } from './localEngine';
import { parsePath, parseThreads, parseWhole, shotsText } from './options';
import { parseOutput } from './output';
import { TuneProgressLine } from './tuneProgressLine';
import { tuneReport } from './tuneReport';

interface TuneFlags {
  classes?: string;
  model?: string;
  boxes?: string;
  reviewed: boolean;
  shots?: number;
  seed: number;
  output?: string;
  threads: number;
  quiet: boolean;
}

export function tuneCommand(signal: AbortSignal): Command {
  return new Command('tune')
    .description('Tune a combiner on a few labelled objects a class; both encoders stay as they are.')
    .argument('<folder>', 'folder with annotated images', parsePath)
    .option(
      '--classes <list>',
      'preset (voc, bdd, coco, imagenet), file, or "a,b,c"; default: what the folder says',
    )
    .option('--model <bundle>', 'id or directory of a model bundle; default: the embedded one', parsePath)
    .option(
      '--boxes <source>',
      'annotations, or a file or folder with labelled boxes; default: annotations, none with --reviewed',
      parsePath,
    )
    .option(
      '--reviewed',
      'tune on the verdicts of the last review: "in distribution" with its class, "out of distribution" for the check',
      false,
    )
    .option('--shots <n>', shotsText, parseWhole(fewestShots))
    .option('--seed <n>', 'the same seed draws the same objects', parseWhole(0), 1)
    .option(
      '--output <file>',
      "combiner file; default: combiner.safetensors in the folder's .uni-ood",
      parseOutput,
    )
    .option('--threads <n>', 'threads of the models, 0: all processors', parseThreads, 0)
    .option('--quiet', 'print nothing but errors', false)
    .action((folder: string, flags: TuneFlags) => tune(resolve(folder), flags, signal));
}

async function tune(folder: string, flags: TuneFlags, signal: AbortSignal): Promise<void> {
  const engine = localEngine(flags.threads);
  try {
    const reviewed = flags.reviewed ? await reviewedLabels(engine, folder) : null;
    const classes =
      reviewed && flags.classes === undefined
        ? reviewed.classes
        : await classesOf(engine, folder, flags.classes);
    const { studies } = engine;
    const output =
      flags.output === undefined ? await studies.combiners.usualFile(folder) : resolve(flags.output);
    const line = new TuneProgressLine(flags.quiet);
    const options: TuningOptions = {
      folder,
      classes,
      labels: {
        boxes: flags.boxes ?? (reviewed ? null : 'annotations'),
        reviewed: reviewed && { scanId: reviewed.scanId },
      },
      shots: flags.shots ?? usualShots(classes.length),
      seed: flags.seed,
      output,
      ...(flags.model === undefined ? {} : { model: flags.model }),
    };
    const outcome = await studies
      .tune(options, (progress) => line.progressed(progress), signal)
      .finally(() => line.end());
    if (!flags.quiet) process.stderr.write(tuneReport(outcome));
  } finally {
    await engine.dispose();
  }
}

/** @throws UserFacingError when no scan of the folder has a verdict to tune on. */
async function reviewedLabels(engine: Engine, folder: string): Promise<ReviewedLabels> {
  const found = await engine.studies.reviewed(folder, null);
  if (found) return found;
  throw new UserFacingError(
    `No object of ${folder} was said to be in distribution in a review. Scan the folder and review it in VS Code, or tune on annotations without --reviewed.`,
  );
}
