import { resolve } from 'node:path';
import { Command } from 'commander';
import { appliedText } from '../protocol/appliedText';
import { english } from '../protocol/localisation';
import { localEngine } from './localEngine';
import { parsePath } from './options';
import { parsePlace } from './output';
import { namedScan } from './scanIds';
import { scansOfFolder } from './scansOfFolder';

interface ApplyFlags {
  output: string;
  keepNamed: boolean;
  /** Absent: the one that changed last. */
  scan?: string;
}

export function applyCommand(): Command {
  return new Command('apply')
    .description("Apply the reviewer's verdicts to a copy of the annotations (COCO, YOLO, Pascal VOC).")
    .argument('<folder>', 'folder that was scanned', parsePath)
    .requiredOption(
      '--output <place>',
      'where the copy goes: a file for COCO, a new folder for YOLO and Pascal VOC',
      parsePlace,
    )
    .option('--scan <id>', 'id of a scan, or how it begins; default: the one that changed last', parsePath)
    .option('--keep-named', 'keep what is out of distribution and has a name, under that name', false)
    .action((folder: string, flags: ApplyFlags) => apply(resolve(folder), flags));
}

async function apply(folder: string, { output, keepNamed, scan: id }: ApplyFlags): Promise<void> {
  const engine = localEngine(1);
  try {
    const { reference } = namedScan(await scansOfFolder(engine, folder), id);
    const applied = await engine.applyVerdicts(reference, { keepNamed }, resolve(output));
    process.stderr.write(`${appliedText(applied, english)}\nWritten to ${output}\n`);
  } finally {
    await engine.dispose();
  }
}
