import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UserFacingError } from '../../protocol/userFacingError';
import type { AnnotationProblem, Annotations } from './annotations';
import type { FileAnnotations } from './boxCollector';
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
  const { annotations: coco, problems } = await findCoco(folder, images);
  if (coco && coco.imagesWithBoxes > 0) return { annotations: coco, problems };
  if (await hasYoloLabels(folder, spread(images)))
    return { annotations: readYolo(folder, await findYoloNames(folder)), problems };
  const vocFolder = await findVocFolder(folder);
  if (vocFolder) {
    const annotations = readPascalVoc(vocFolder, await listVocNames(vocFolder));
    if (annotations.classNames.length > 0) return { annotations, problems };
  }
  return { annotations: coco, problems };
}

/** The first COCO file that has boxes for the folder's images; else the first of all, for its categories. */
async function findCoco(
  folder: string,
  images: readonly string[],
): Promise<{ annotations: FileAnnotations | undefined; problems: AnnotationProblem[] }> {
  const problems: AnnotationProblem[] = [];
  let first: FileAnnotations | undefined;
  for (const path of await cocoCandidates(folder)) {
    try {
      const annotations = await readCoco(path, images);
      if (annotations.format !== 'COCO') continue;
      if (annotations.imagesWithBoxes > 0) return { annotations, problems };
      first ??= annotations;
    } catch (error) {
      if (!(error instanceof UserFacingError)) throw error;
      problems.push({ file: path, reason: withoutName(error.message, path) });
    }
  }
  return { annotations: first, problems };
}

/** The file is named beside its problem already. */
function withoutName(message: string, path: string): string {
  const rest = message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
  return rest[0].toUpperCase() + rest.slice(1);
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

/** How many places of a file are looked at, and how many bytes at each. */
const windows = { count: 5, size: 32768 };

/** Looks for COCO's keys here and there in a file, since their order differs and it may be long. Captions have no box. */
async function looksLikeCoco(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { size } = await file.stat();
    const step = Math.max(0, size - windows.size) / (windows.count - 1);
    let text = '';
    for (let at = 0; at < windows.count; at++) {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(windows.size),
        0,
        windows.size,
        Math.floor(at * step),
      );
      text += buffer.subarray(0, bytesRead).toString('latin1');
    }
    const isShort = size <= windows.size;
    return (
      /"(annotations|categories)"\s*:/.test(text) && (isShort || /"(bbox|supercategory)"\s*:/.test(text))
    );
  } finally {
    await file.close();
  }
}

function spread(images: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(images.length / sampledImages));
  return images.filter((_, at) => at % step === 0).slice(0, sampledImages);
}
