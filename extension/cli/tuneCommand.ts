import { resolve } from 'node:path';
import { Command } from 'commander';
import { classesOf } from './classesOf';
import { localEngine } from './localEngine';
import { parsePath, parseThreads, parseWhole } from './options';
import { parseOutput } from './output';
import { TuneProgressLine } from './tuneProgressLine';
import { tuneReport } from './tuneReport';

interface TuneFlags {
  classes?: string;
  model?: string;
  boxes: string;
  shots: number;
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
      'annotations, or a file or folder with labelled boxes',
      parsePath,
      'annotations',
    )
    .option('--shots <n>', 'labelled objects a class', parseWhole(2), 10)
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
    const classes = await classesOf(engine, folder, flags.classes);
    const output = flags.output === undefined ? await engine.combinerOf(folder) : resolve(flags.output);
    const progress = new TuneProgressLine(flags.quiet, classes);
    const request = {
      folder,
      classes,
      boxes: flags.boxes,
      shots: flags.shots,
      seed: flags.seed,
      output,
      ...(flags.model === undefined ? {} : { model: flags.model }),
    };
    const result = await engine.tune(request, progress, signal).finally(() => progress.end());
    if (!flags.quiet) process.stderr.write(tuneReport(result, output));
  } finally {
    await engine.dispose();
  }
}
