import { annotateSamples, type LabelledSample } from '../fixtures/annotatedSamples';
import type { CommandLine } from './commandLine';

/** A folder of samples with COCO annotations, by `annotateSamples`. */
export function labelledSamples(
  commandLine: CommandLine,
  name: string,
  files: readonly LabelledSample[],
  boxesEach = 4,
  names?: Readonly<Record<string, string>>,
): string {
  const folder = commandLine.samples(name, files);
  annotateSamples(folder, files, boxesEach, names);
  return folder;
}
