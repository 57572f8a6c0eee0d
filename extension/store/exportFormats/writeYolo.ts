import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Results } from '../../protocol/results';
import { UserFacingError } from '../../protocol/userFacingError';
import { exists } from '../exists';
import { couldNotBeWritten } from './writeExport';
import { yoloDataset } from './yolo';

const [labelsName, descriptionName] = ['labels', 'data.yaml'];

/**
 * Writes `labels` and `data.yaml` into a folder, which is made where there is none; whole or not at all.
 *
 * @returns how many objects the labels hold.
 * @throws UserFacingError when the folder has labels already, or cannot be written to.
 */
export async function writeYolo(folder: string, results: Results): Promise<number> {
  const { labels, description, objects } = yoloDataset(results);
  const existing = await existingLabels(folder, [...labels.keys()]);
  if (existing !== undefined)
    throw new UserFacingError(
      `${folder} has labels already (${existing}), which would be mixed with others. Choose another folder.`,
    );
  const draft = join(folder, `.${randomUUID()}.part`);
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true });
    for (const [path, text] of labels) {
      const file = join(draft, labelsName, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await writeFile(join(draft, descriptionName), description);
    await rmdir(join(folder, labelsName)).catch(() => undefined); // an empty one
    await rename(join(draft, labelsName), join(folder, labelsName));
    await rename(join(draft, descriptionName), join(folder, descriptionName));
    await rmdir(draft);
  } catch (error) {
    await rm(made ?? draft, { recursive: true, force: true }).catch(() => undefined); // the first fault is told
    throw couldNotBeWritten(folder, error);
  }
  return objects;
}

/** A label file or description that a folder has, by its name there; they may also lie beside the images. */
async function existingLabels(folder: string, paths: readonly string[]): Promise<string | undefined> {
  const [first] = await readdir(join(folder, labelsName)).catch(() => []);
  if (first !== undefined) return join(labelsName, first);
  for (const path of [descriptionName, ...paths, ...paths.map((below) => join('images', below))])
    if (await exists(join(folder, path))) return path;
  return undefined;
}
