import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import ora from 'ora';
import { english } from '../protocol/localisation';
import { fewestShots, usualShots } from '../protocol/tuning';
import { evaluationProgressText } from '../protocol/tuningText';
import { classesOf } from './classesOf';
import { localEngine } from './localEngine';
import { parsePath, parseThreads, parseWhole, shotsText } from './options';
import { readConfiguration } from './readConfiguration';

interface EvaluateFlags {
  id: string;
  ood?: string[];
  classes?: string;
  model?: string;
  boxes: string;
  minimumSide: number;
  tune?: string;
  combiner?: string;
  shots?: number;
  seeds?: number;
  ablate: boolean;
  config?: string;
  output: string;
  threads: number;
  quiet: boolean;
}

export function evaluateCommand(signal: AbortSignal): Command {
  return new Command('evaluate')
    .description('Measure how well known objects are told from others, next to the usual methods.')
    .requiredOption('--id <folder>', 'folder with annotated objects of the class list', parsePath)
    .option(
      '--ood <folders...>',
      'folders with other objects; default: objects of other labels in the ID folder',
    )
    .option(
      '--classes <list>',
      'preset (voc, bdd, coco, imagenet), file, or "a,b,c"; default: what the ID folder says',
    )
    .option('--model <bundle>', 'id or directory of a model bundle; default: the embedded one', parsePath)
    .option(
      '--boxes <source>',
      'annotations, image (every photo is one object), detector (all it boxes, as in VOS), or a file or folder with labelled boxes',
      parsePath,
      'annotations',
    )
    .option('--minimum-side <pixels>', 'leave out boxes with a shorter side', parseWhole(1), 32)
    .option('--tune <folder>', 'tune on this folder’s labels first; its photos are not measured', parsePath)
    .option('--shots <n>', shotsText, parseWhole(fewestShots))
    .option('--seeds <n>', 'tune so many times with other shots', parseWhole(1))
    .option(
      '--combiner <file>',
      'measure with this tuned combiner as well; its photos are not measured',
      parsePath,
    )
    .option('--ablate', 'measure without each part of the method as well', false)
    .option('--config <file>', 'JSON with switches of the method, in place of the model’s own', parsePath)
    .option(
      '--output <folder>',
      'where report.md, report.json, report.csv and the plots go',
      parsePath,
      'evaluation',
    )
    .option('--threads <n>', 'threads of the models, 0: all processors', parseThreads, 0)
    .option('--quiet', 'print nothing but errors', false)
    .action((flags: EvaluateFlags, command: Command) => {
      if (flags.seeds !== undefined && flags.tune === undefined)
        command.error('error: --seeds needs --tune <folder>: the labels to tune on.');
      return evaluate(flags, signal);
    });
}

async function evaluate(flags: EvaluateFlags, signal: AbortSignal): Promise<void> {
  const engine = localEngine(flags.threads);
  const line =
    !flags.quiet && process.stderr.isTTY
      ? ora({ stream: process.stderr, discardStdin: false }).start()
      : undefined;
  try {
    const id = resolve(flags.id);
    const output = resolve(flags.output);
    await mkdir(output, { recursive: true });
    const classes = await classesOf(engine, id, flags.classes);
    const { markdown } = await engine.studies.evaluate(
      {
        id,
        ood: (flags.ood ?? []).map((folder) => resolve(folder)),
        classes,
        boxes: flags.boxes,
        minimumSide: flags.minimumSide,
        tuning:
          flags.tune === undefined
            ? null
            : {
                folder: resolve(flags.tune),
                boxes: 'annotations',
                shots: flags.shots ?? usualShots(classes.length),
                seeds: flags.seeds ?? 1,
              },
        combiner: flags.combiner === undefined ? null : resolve(flags.combiner),
        ablate: flags.ablate,
        configuration: flags.config === undefined ? null : await readConfiguration(flags.config),
        ...(flags.model === undefined ? {} : { model: flags.model }),
        output,
      },
      (progress) => {
        if (line) line.text = evaluationProgressText(progress, english);
      },
      signal,
    );
    line?.stop();
    if (!flags.quiet) process.stdout.write(`${markdown}\nWritten to ${join(output, 'report.md')}\n`);
  } finally {
    line?.stop();
    await engine.dispose();
  }
}
