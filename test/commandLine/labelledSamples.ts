import { annotateSamples, type LabelledSample } from '../fixtures/annotatedSamples';
import type { CommandLine } from './commandLine';

/** A folder of samples with COCO annotations; every object is boxed a few times, each time a little closer. */
export function labelledSamples(
  commandLine: CommandLine,
  name: string,
  files: readonly LabelledSample[],
  boxesEach = 4,
): string {
  const folder = commandLine.samples(name, files);
  annotateSamples(folder, files, boxesEach);
  return folder;
}
