import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { exportFormatSchema, type ExportFormat, type ExportSelection } from '../protocol/engine';
import { UserFacingError } from '../protocol/userFacingError';
import { newClassesOf } from '../store/newClasses';
import { formatResults } from '../store/exportFormats/writeExport';
import { localEngine } from './localEngine';
import { parsePath } from './options';
import { counted } from './scanReport';
import { parseOutput, writeOutput } from './output';

interface ExportFlags {
  format: ExportFormat;
  only: ExportSelection;
  output: string;
}

export function exportCommand(): Command {
  return new Command('export')
    .description("Write the results of a folder's last scan, with the reviewer's decisions.")
    .argument('<folder>', 'folder that was scanned', parsePath)
    .addOption(
      new Option('--format <format>', 'file format').choices(exportFormatSchema.options).default('json'),
    )
    .addOption(
      new Option('--only <selection>', 'which objects')
        .choices(['flagged', 'reviewed', 'all'])
        .default('all'),
    )
    .option('--output <file>', 'file to write (-: standard output)', parseOutput, '-')
    .action((folder: string, flags: ExportFlags) => exportResults(resolve(folder), flags));
}

async function exportResults(folder: string, { format, only, output }: ExportFlags): Promise<void> {
  const engine = localEngine(1);
  try {
    const [last] = await engine.listScans([folder]);
    if (!last) throw new UserFacingError(`${folder} has not been scanned. Run: uni-ood scan '${folder}'`);
    const results = await engine.results(last.reference, only);
    const text = formatResults(results, format);
    await writeOutput(output, text);
    const { done, total } = last.images;
    if (last.state !== 'finished')
      process.stderr.write(
        `The scan is not finished: ${done} of ${counted(total, 'image')} are in these results.\n`,
      );
    process.stderr.write(
      `${counted(results.objects.length, 'object')}${output === '-' ? '' : ` written to ${output}`}\n`,
    );
    const names = newClassesOf(results).map(({ name, count }) => `${name} ${count}`);
    if (names.length > 0) process.stderr.write(`New classes: ${names.join(', ')}\n`);
  } finally {
    await engine.dispose();
  }
}
