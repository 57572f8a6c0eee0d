import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLine } from './commandLine';

/** What is on each of some samples, and about where: label and box as shares of the photo. */
const contents: Record<
  string,
  { label: string; box: [number, number, number, number]; size: [number, number] }
> = {
  'astronaut.jpg': { label: 'person', box: [0.1, 0.05, 0.7, 0.9], size: [512, 512] },
  'photographer.jpg': { label: 'person', box: [0.2, 0.1, 0.4, 0.85], size: [512, 512] },
  'cat.png': { label: 'cat', box: [0.2, 0.05, 0.6, 0.9], size: [451, 300] },
  'motorcycle.jpg': { label: 'motorcycle', box: [0.1, 0.15, 0.8, 0.75], size: [741, 500] },
  'quokka.jpg': { label: 'quokka', box: [0.2, 0.1, 0.6, 0.8], size: [800, 536] },
  'rocket.jpg': { label: 'rocket', box: [0.4, 0.1, 0.25, 0.8], size: [640, 427] },
  'coffee.jpg': { label: 'coffee', box: [0.2, 0.1, 0.6, 0.8], size: [600, 400] },
};

export type LabelledSample = keyof typeof contents;

/** A folder of samples with COCO annotations; every object is boxed a few times, each time a little closer. */
export function labelledSamples(
  commandLine: CommandLine,
  name: string,
  files: readonly LabelledSample[],
  boxesEach = 4,
): string {
  const folder = commandLine.samples(name, files);
  const labels = [...new Set(files.map((file) => contents[file].label))];
  const annotations = files.flatMap((file, at) => {
    const { label, box, size } = contents[file];
    const [x, y, width, height] = box.map((share, side) => share * size[side % 2]);
    return Array.from({ length: boxesEach }, (_, closer) => {
      const inset = 0.04 * closer;
      return {
        image_id: at + 1,
        category_id: labels.indexOf(label) + 1,
        bbox: [x + inset * width, y + inset * height, width * (1 - 2 * inset), height * (1 - 2 * inset)],
      };
    });
  });
  writeFileSync(
    join(folder, 'annotations.json'),
    JSON.stringify({
      images: files.map((file_name, at) => ({
        id: at + 1,
        file_name,
        width: contents[file_name].size[0],
        height: contents[file_name].size[1],
      })),
      categories: labels.map((label, at) => ({ id: at + 1, name: label })),
      annotations: annotations.map((annotation, at) => ({ id: at + 1, ...annotation })),
    }),
  );
  return folder;
}
