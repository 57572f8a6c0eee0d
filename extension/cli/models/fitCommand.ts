import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import ora from 'ora';
import { fitReadout, writeFittedBundle, type ReadoutForm } from '../../engine/fitReadout';
import { promptTemplates } from '../../engine/methodDefaults';
import { promptSetNames, promptSets, type PromptSetName } from '../../pipeline/promptSets';
import { localEngine } from '../localEngine';
import { parseThreads } from '../options';

interface FitFlags {
  images: string;
  boxes: string;
  output?: string;
  tokenMap: boolean;
  clsShare: number;
  backgroundGain: number;
  margin: number;
  softmax?: number;
  prompts?: string[];
  minimumSide: number;
  maximumBoxes: number;
  threads: number;
}

export function fitCommand(signal: AbortSignal): Command {
  return new Command('fit')
    .description('Fit the readout of a model bundle on photos of any objects; no labels are needed.')
    .argument('<bundle>', 'id of a model, or directory of a bundle or of a plain CLIP-layout export')
    .requiredOption('--images <folder>', 'photos with 300 objects or more')
    .option('--boxes <source>', 'detector, annotations, or a file with boxes', 'detector')
    .option('--output <folder>', 'where to write the fitted bundle; default: into the bundle itself')
    .option(
      '--no-token-map',
      'score pooled tokens as they are: for towers whose patch tokens are trained to be averaged',
    )
    .option('--cls-share <λ>', 'share of [CLS] in the representation', share, 0.5)
    .option('--background-gain <γ>', 'gain of the background term', share, 0.1)
    .option('--margin <m>', 'margin of the crop, as a share of the box', share, 0.1)
    .option(
      '--softmax <T>',
      'score by softmax at this temperature; default: the largest alignment score',
      positive,
    )
    .option(
      '--prompts <templates...>',
      `prompt templates with {} for the class, or a set of them: ${promptSetNames.join(', ')}; default: short`,
    )
    .option('--minimum-side <pixels>', 'leave out boxes with a shorter side', positive, 32)
    .option('--maximum-boxes <n>', 'stop after so many boxes', positive, 2000)
    .option('--threads <n>', 'threads of the models, 0: all processors', parseThreads, 0)
    .action((bundle: string, flags: FitFlags) => fitBundle(bundle, flags, signal));
}

async function fitBundle(name: string, flags: FitFlags, signal: AbortSignal): Promise<void> {
  const engine = localEngine(flags.threads);
  const form: ReadoutForm = {
    ...(flags.tokenMap ? {} : { tokenMap: false }),
    clsShare: flags.clsShare,
    backgroundGain: flags.backgroundGain,
    scoreForm:
      flags.softmax === undefined ? { kind: 'max' } : { kind: 'softmax', temperature: flags.softmax },
    boxMargin: flags.margin,
    prompts: promptTemplates(namedSet(flags.prompts) ?? flags.prompts ?? promptSets.short),
  };
  const line = process.stderr.isTTY
    ? ora({ stream: process.stderr, discardStdin: false }).start()
    : undefined;
  try {
    const options = {
      images: resolve(flags.images),
      boxes: flags.boxes,
      minimumSide: flags.minimumSide,
      maximumBoxes: flags.maximumBoxes,
    };
    const progressed = (images: number, total: number, boxes: number): void => {
      if (line) line.text = `${images} of ${total} images · ${boxes} boxes`;
    };
    const models = await engine.models(name);
    const fitted = await fitReadout(models, form, options, progressed, signal);
    const output = resolve(flags.output ?? models.bundle.directory);
    await writeFittedBundle(models.bundle, fitted, output);
    line?.stop();
    process.stderr.write(`Readout fitted on ${fitted.fittedOn.objects} boxes and written to ${output}\n`);
  } finally {
    line?.stop();
    await engine.dispose();
  }
}

/** The set that is named in place of templates. */
function namedSet(prompts: string[] | undefined): PromptSetName | undefined {
  return prompts?.length === 1 ? promptSetNames.find((name) => name === prompts[0]) : undefined;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}
