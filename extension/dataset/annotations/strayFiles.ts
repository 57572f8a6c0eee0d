import { readdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { AnnotationProblem } from './annotations';
import { withoutEnding } from './fileMatcher';

/** Files that lie among YOLO's labels and are none. */
const noLabels = new Set(['classes.txt', 'notes.txt', 'readme.txt']);

/**
 * What is wrong with folders of one annotation file an image: that images of some files are not in the scanned folder.
 *
 * @param ending of the annotation files, with its dot. @param images files of the scanned folder.
 */
export async function strayFiles(
  folders: readonly string[],
  ending: string,
  images: readonly string[],
): Promise<AnnotationProblem[]> {
  const known = new Set(images.map((image) => withoutEnding(basename(image))));
  const problems: AnnotationProblem[] = [];
  for (const folder of new Set(folders)) {
    const entries = await readdir(folder, { recursive: true }).catch(() => []);
    const stray = entries
      .filter(
        (entry) => extname(entry).toLowerCase() === ending && !noLabels.has(basename(entry).toLowerCase()),
      )
      .filter((entry) => !known.has(withoutEnding(basename(entry))))
      .sort();
    if (stray.length === 1)
      problems.push({ file: folder, reason: `The image of ${stray[0]} is not in the folder` });
    else if (stray.length > 1)
      problems.push({
        file: folder,
        reason: `The images of ${stray.length} files are not in the folder, first that of ${stray[0]}`,
      });
  }
  return problems;
}
