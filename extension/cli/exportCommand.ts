import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  exportFormatSchema,
  exportSelectionSchema,
  type ExportFormat,
  type ExportSelection,
} from '../protocol/engine';
import { newClassesOf } from '../store/newClasses';
import { formatResults } from '../store/exportFormats/writeExport';
import { writeYolo } from '../store/exportFormats/writeYolo';
import { localEngine } from './localEngine';
import { parsePath } from './options';
import { namedScan } from './scanIds';
import { counted } from './scanReport';
import { scansOfFolder } from './scansOfFolder';
import { parseOutput, parseOutputFolder, writeOutput } from './output';

interface ExportFlags {
  format: ExportFormat;
  /** Absent: the flagged ones in a report, else all. */
  only?: ExportSelection;
  output: string;
  /** Absent: the one that changed last. */
  scan?: string;
}

export function exportCommand(signal: AbortSignal): Command {
  return new Command('export')
    .description("Write the results of a folder's scan, with the reviewer's decisions.")
    .argument('<folder>', 'folder that was scanned', parsePath)
    .addOption(
      new Option('--format <format>', 'file format').choices(exportFormatSchema.options).default('json'),
    )
    .addOption(
      new Option(
        '--only <selection>',
        'which objects; default: all, in a report (html) the flagged ones',
      ).choices(exportSelectionSchema.options),
    )
    .option('--scan <id>', 'id of a scan, or how it begins; default: the one that changed last', parsePath)
    .option('--output <place>', 'file to write (-: standard output), or the folder of YOLO labels', '-')
    .action((folder: string, flags: ExportFlags, command: Command) => {
      checkFlags(flags, command);
      return exportResults(resolve(folder), flags, signal);
    });
}

/** What can be written where depends on the format, which is known only once all flags are. */
function checkFlags({ format, only, output }: ExportFlags, command: Command): void {
  if (format === 'yolo' && only !== undefined && only !== 'all')
    command.error('error: YOLO labels are of all objects in distribution. Leave --only away.');
  try {
    if (format === 'yolo') parseOutputFolder(output);
    else parseOutput(output);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    command.error(`error: option '--output <place>' argument '${output}' is invalid. ${error.message}`);
  }
}

async function exportResults(
  folder: string,
  { format, output, scan: id, only = format === 'html' ? 'flagged' : 'all' }: ExportFlags,
  signal: AbortSignal,
): Promise<void> {
  const engine = localEngine(1);
  try {
    const scan = namedScan(await scansOfFolder(engine, folder), id);
    const results = await engine.results(scan.reference, only);
    let written = counted(results.objects.length, 'object');
    if (format === 'yolo')
      written = `${counted(await writeYolo(resolve(output), results), 'object')} of ${results.objects.length}`;
    else if (format === 'html')
      await writeOutput(output, (await engine.report(scan.reference, only, () => undefined, signal)).text);
    else await writeOutput(output, formatResults(results, format));
    const { done, total } = scan.images;
    if (scan.state !== 'finished')
      process.stderr.write(
        `The scan is not finished: ${done} of ${counted(total, 'image')} are in these results.\n`,
      );
    process.stderr.write(`${written}${output === '-' ? '' : ` written to ${output}`}\n`);
    const names = newClassesOf(results).map(({ name, count }) => `${name} ${count}`);
    if (names.length > 0) process.stderr.write(`New classes: ${names.join(', ')}\n`);
  } finally {
    await engine.dispose();
  }
}
