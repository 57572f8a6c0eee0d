import { resolve } from 'node:path';
import { Command } from 'commander';
import { comparisonReport } from './comparisonReport';
import { localEngine } from './localEngine';
import { parsePath } from './options';
import { parseOutput, writeOutput } from './output';
import { chooseScans } from './scanIds';
import { scansOfFolder } from './scansOfFolder';

interface CompareFlags {
  scan?: string;
  with?: string;
  output?: string;
  quiet: boolean;
}

export function compareCommand(): Command {
  return new Command('compare')
    .description('Compare two scans of a folder: what changed sides, and what moved most.')
    .argument('<folder>', 'folder that was scanned', parsePath)
    .option('--scan <id>', 'A: id of a scan, or how it begins; default: the one that changed last', parsePath)
    .option('--with <id>', 'B: the scan it is held against; default: the last of the others', parsePath)
    .option('--output <file>', 'write the comparison as JSON (-: standard output)', parseOutput)
    .option('--quiet', 'print nothing but errors', false)
    .action((folder: string, flags: CompareFlags) => compare(resolve(folder), flags));
}

async function compare(folder: string, { output, quiet, ...ids }: CompareFlags): Promise<void> {
  const engine = localEngine(1);
  try {
    const scans = await scansOfFolder(engine, folder);
    const { a, b } = chooseScans(scans, { a: ids.scan, b: ids.with });
    const file = await engine.comparisonFile(a.reference, b.reference.scanId);
    if (output !== undefined) await writeOutput(output, `${JSON.stringify(file, null, 2)}\n`);
    if (quiet) return;
    process.stderr.write(comparisonReport(file, { a, b, scans }));
    if (output !== undefined && output !== '-') process.stderr.write(`\nWritten to ${output}\n`);
  } finally {
    await engine.dispose();
  }
}
