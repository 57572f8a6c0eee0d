import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UserFacingError } from '../../protocol/userFacingError';
import type { AnnotationProblem, Annotations } from './annotations';
import { readCoco } from './coco';
import { findVocFolder, listVocNames, readPascalVoc } from './pascalVoc';
import { findYoloNames, hasYoloLabels, readYolo } from './yolo';

/** Images looked at to see whether a folder has label files. */
const sampledImages = 50;

export interface FoundAnnotations {
  annotations: Annotations | undefined;
  /** Files that look like annotations and cannot be used. */
  problems: AnnotationProblem[];
}

/**
 * The annotations a folder brings along: COCO JSON in it or in `annotations`, else YOLO labels, else Pascal VOC.
 *
 * @param images files of the folder.
 */
export async function findAnnotations(folder: string, images: readonly string[]): Promise<FoundAnnotations> {
  const problems: AnnotationProblem[] = [];
  for (const path of await cocoCandidates(folder)) {
    try {
      const annotations = await readCoco(path, images);
      if (annotations.format === 'COCO') return { annotations, problems };
    } catch (error) {
      if (!(error instanceof UserFacingError)) throw error;
      problems.push({ file: path, reason: error.message });
    }
  }
  if (await hasYoloLabels(folder, spread(images)))
    return { annotations: readYolo(folder, await findYoloNames(folder)), problems };
  const vocFolder = await findVocFolder(folder);
  if (vocFolder) {
    const annotations = readPascalVoc(vocFolder, await listVocNames(vocFolder));
    if (annotations.classNames.length > 0) return { annotations, problems };
  }
  return { annotations: undefined, problems };
}

/**
 * Boxes a person named: a COCO file of annotations or of results, or a folder of YOLO labels.
 *
 * @throws UserFacingError when it cannot be used.
 */
export async function readBoxes(
  path: string,
  folder: string,
  images: readonly string[],
): Promise<Annotations> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry)
    throw new UserFacingError(
      `Boxes ${path} do not exist. Name a COCO file, a folder of YOLO labels, "annotations" or "detector".`,
    );
  if (!entry.isDirectory()) return readCoco(path, images);
  const labels = (await readdir(path, { recursive: true })).some((name) => extname(name) === '.txt');
  if (!labels)
    throw new UserFacingError(`${path} holds no YOLO label (.txt). Name a folder of labels, or a COCO file.`);
  return readYolo(folder, (await findYoloNames(path)) ?? (await findYoloNames(folder)), path);
}

/** JSON files that begin like a COCO file, shortest path first. */
async function cocoCandidates(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const place of [folder, join(folder, 'annotations')]) {
    for (const name of (await readdir(place).catch(() => [])).sort()) {
      if (extname(name).toLowerCase() === '.json' && (await looksLikeCoco(join(place, name))))
        found.push(join(place, name));
    }
  }
  return found;
}

/** Looks for COCO's keys at the two ends of a file, since their order differs and the middle may be long. */
async function looksLikeCoco(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { size } = await file.stat();
    const ends = Buffer.alloc(65536);
    const head = await file.read(ends, 0, 32768, 0);
    const tail = await file.read(ends, 32768, 32768, Math.max(0, size - 32768));
    const text =
      ends.subarray(0, head.bytesRead).toString('latin1') +
      ends.subarray(32768, 32768 + tail.bytesRead).toString('latin1');
    return /"(annotations|categories)"\s*:/.test(text);
  } finally {
    await file.close();
  }
}

function spread(images: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(images.length / sampledImages));
  return images.filter((_, at) => at % step === 0).slice(0, sampledImages);
}
