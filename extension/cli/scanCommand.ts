import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Engine } from '../engine/engine';
import { deviceSchema, type Device } from '../protocol/device';
import type { ScanOptions } from '../protocol/engine';
import type { MethodConfigurationPatch } from '../protocol/methodConfiguration';
import type { ScanSummary } from '../protocol/scan';
import { UserFacingError } from '../protocol/userFacingError';
import { formatResults } from '../store/exportFormats/writeExport';
import { classesOf } from './classesOf';
import { localEngine } from './localEngine';
import { parsePath, parseThreads, parseThreshold, parseTruePositiveRate } from './options';
import { readConfiguration } from './readConfiguration';
import { parseOutput, writeOutput } from './output';
import { ScanProgressLine } from './scanProgressLine';
import { counted, scanReport } from './scanReport';

interface ScanFlags {
  classes?: string;
  model?: string;
  detector?: string;
  combiner?: string;
  boxes: string;
  threshold?: number | 'auto';
  thresholdPerClass?: boolean;
  truePositiveRate?: number;
  output?: string;
  explain?: string;
  config?: string;
  fast: boolean;
  fresh: boolean;
  threads: number;
  device: Device;
  quiet: boolean;
}

export function scanCommand(signal: AbortSignal): Command {
  return new Command('scan')
    .description('Scan a folder, or continue its last scan of the same configuration.')
    .argument('<folder>', 'folder with images', parsePath)
    .option(
      '--classes <list>',
      'preset (voc, bdd, coco, imagenet), file, or "a,b,c"; default: what the folder says',
    )
    .option('--model <bundle>', 'id or directory of a model bundle; default: the embedded one', parsePath)
    .option(
      '--detector <detector>',
      "id or directory of a detector; default: the model's own, else the embedded one",
      parsePath,
    )
    .option('--combiner <file>', 'a combiner made by uni-ood tune for this model', parsePath)
    .option(
      '--boxes <source>',
      'detector, annotations, or a file: COCO, BDD100K or Open Images, COCO results, a folder of YOLO labels',
      parsePath,
      'detector',
    )
    .option(
      '--threshold <δ>',
      'flag objects with a score below this; kept for this scan until auto takes it back',
      parseThreshold,
    )
    .option(
      '--threshold-per-class',
      'a threshold of its own for each class with 30 or more annotated objects; kept for this scan',
    )
    .option('--no-threshold-per-class', 'one threshold for all classes again')
    .option(
      '--true-positive-rate <percent>',
      'share of annotated objects of your classes that a calibrated threshold keeps, 95 at first; kept for this scan, takes an earlier --threshold back',
      parseTruePositiveRate,
    )
    .option('--output <file>', 'write the results as JSON (-: standard output)', parseOutput)
    .option(
      '--explain <file>',
      'write attention, alignment and weights as JSON Lines (-: standard output)',
      parseOutput,
    )
    .option('--config <file>', 'JSON with switches of the method', parsePath)
    .option('--fast', 'one pass of the photo for the backgrounds of all its objects', false)
    .option('--fresh', 'forget what an earlier scan finished', false)
    .option('--threads <n>', 'threads of the models, 0: all processors', parseThreads, 0)
    .addOption(
      new Option('--device <name>', 'where the image tower computes; an accelerator is checked first')
        .choices(deviceSchema.options)
        .default('cpu'),
    )
    .option('--quiet', 'print nothing but errors', false)
    .action((folder: string, flags: ScanFlags, command: Command) => {
      if (flags.output !== undefined && flags.output === flags.explain)
        command.error(`error: --output and --explain name the same file, ${flags.output}. Name two.`);
      return scan(resolve(folder), flags, signal);
    });
}

async function scan(folder: string, flags: ScanFlags, signal: AbortSignal): Promise<void> {
  const engine = localEngine(flags.threads, flags.device);
  try {
    const options: ScanOptions = {
      folder,
      classes: await classesOf(engine, folder, flags.classes, (origin) => {
        if (!flags.quiet) process.stderr.write(`Classes: ${origin}\n`);
      }),
      boxes: flags.boxes,
      fresh: flags.fresh,
      ...(flags.model === undefined ? {} : { model: flags.model }),
      ...(flags.detector === undefined ? {} : { detector: flags.detector }),
      ...(flags.combiner === undefined ? {} : { combiner: resolve(flags.combiner) }),
      ...(flags.threshold === undefined
        ? {}
        : { threshold: flags.threshold === 'auto' ? null : flags.threshold }),
      ...(flags.thresholdPerClass === undefined ? {} : { thresholdPerClass: flags.thresholdPerClass }),
      ...(flags.truePositiveRate === undefined ? {} : { truePositiveRate: flags.truePositiveRate }),
      configuration: await configurationOf(flags),
    };
    const progress = new ScanProgressLine(flags.quiet);
    const summary = await engine.runScan(options, progress, signal).finally(() => progress.end());
    await writeOutputs(engine, summary, flags);
    if (!flags.quiet)
      process.stderr.write(
        scanReport(await engine.results(summary.reference, 'all'), summary, {
          notices: progress.notices,
          isPerClassAsked: flags.thresholdPerClass,
          isRateAsked: flags.truePositiveRate !== undefined,
        }),
      );
    const { total, unreadable } = summary.images;
    if (unreadable === total)
      throw new UserFacingError(
        `None of the ${counted(total, 'image')} in ${folder} could be read. See the reasons above, or in the results.`,
      );
  } finally {
    await engine.dispose();
  }
}

/** `--fast` is a switch of the method, so it stands beside those of the file. */
async function configurationOf({ config, fast }: ScanFlags): Promise<MethodConfigurationPatch> {
  const given = config === undefined ? {} : await readConfiguration(config);
  return fast ? { ...given, views: { ...given.views, background: 'shared' } } : given;
}

async function writeOutputs(
  engine: Engine,
  { reference }: ScanSummary,
  { output, explain }: ScanFlags,
): Promise<void> {
  if (output !== undefined) {
    const text = formatResults(await engine.results(reference, 'all'), 'json');
    await writeOutput(output, text);
  }
  if (explain !== undefined) {
    const lines = await engine.explanations(reference);
    await writeOutput(explain, jsonLines(lines));
  }
}

function* jsonLines(values: Iterable<object>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`;
}
