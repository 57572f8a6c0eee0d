import { readdir, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { UserFacingError } from '../../protocol/userFacingError';
import { annotationFiles, readerOf } from './annotationFiles';
import type { AnnotationProblem, Annotations } from './annotations';
import type { FileAnnotations } from './boxCollector';
import { readClassFolders } from './classFolders';
import { readCoco } from './coco';
import { readOpenImages } from './openImages';
import { findVocFolder, listVocNames, readPascalVoc } from './pascalVoc';
import { strayFiles } from './strayFiles';
import { findYoloNames, hasYoloLabels, labelFolders, readYolo, type YoloNames } from './yolo';

/** Images looked at to see whether a folder has label files. */
const sampledImages = 50;

export interface FoundAnnotations {
  annotations: Annotations | undefined;
  /** The class names of a YOLO description, also where there are no such labels. */
  yolo: YoloNames | undefined;
  /** Files that look like annotations and cannot be used. */
  problems: AnnotationProblem[];
}

/**
 * The annotations a folder brings along: a COCO, BDD100K or Open Images file in it or in `annotations` or `labels`, else
 * YOLO labels, else Pascal VOC, else one folder a class.
 *
 * @param images files of the folder.
 */
export async function findAnnotations(folder: string, images: readonly string[]): Promise<FoundAnnotations> {
  const { annotations: file, problems: ofFiles } = await findFile(folder, images);
  const { yolo, problems: ofNames } = await findYoloNames(folder);
  const problems = [...ofFiles, ...ofNames];
  const found = (annotations: Annotations | undefined): FoundAnnotations => ({ annotations, yolo, problems });
  if (file && file.imagesWithBoxes > 0) return found(file);
  if (await hasYoloLabels(folder, spread(images))) {
    problems.push(...(await strayFiles(labelFolders(folder), '.txt', images)));
    return found(readYolo(folder, yolo));
  }
  const vocFolder = await findVocFolder(folder);
  if (vocFolder) {
    const annotations = readPascalVoc(vocFolder, await listVocNames(vocFolder));
    if (annotations.classNames.length > 0) {
      problems.push(...(await strayFiles([vocFolder], '.xml', images)));
      return found(annotations);
    }
  }
  return found(file ?? (await readClassFolders(folder, images)));
}

/**
 * The first annotation file that has boxes for the folder's images; else the first of all, for its categories. What a model said of
 * the photos (COCO results, an export of UNI-OOD's) is no annotation of theirs, and used only where a person names it.
 */
async function findFile(
  folder: string,
  images: readonly string[],
): Promise<{ annotations: FileAnnotations | undefined; problems: AnnotationProblem[] }> {
  const problems: AnnotationProblem[] = [];
  let first: FileAnnotations | undefined;
  for (const { path, read } of await annotationFiles(folder)) {
    try {
      const annotations = await read(path, images);
      if (annotations.isExport)
        problems.push({
          file: path,
          reason:
            'An export of UNI-OOD, not taken for annotations of the folder. To use its boxes, name the file as the boxes.',
        });
      if (annotations.format === 'COCO results' || annotations.isExport) continue;
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
 * Boxes a person named: a file of annotations (COCO, BDD100K, Open Images), a COCO file of results, or a folder of YOLO
 * labels.
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
      `Boxes ${path} do not exist. Name a file (COCO, BDD100K, Open Images), a folder of YOLO labels, "annotations" or "detector".`,
    );
  if (!entry.isDirectory()) return readFileOfBoxes(path, images);
  const labels = (await readdir(path, { recursive: true })).some((name) => extname(name) === '.txt');
  if (!labels)
    throw new UserFacingError(
      `${path} holds no YOLO label (.txt). Name a folder of labels, or a COCO, BDD100K or Open Images file.`,
    );
  const names = (await findYoloNames(path)).yolo ?? (await findYoloNames(folder)).yolo;
  return readYolo(folder, names, path);
}

/** A file that looks like nothing known is read as what its ending promises, to say what is wrong with it. */
async function readFileOfBoxes(path: string, images: readonly string[]): Promise<FileAnnotations> {
  const promised = extname(path).toLowerCase() === '.csv' ? readOpenImages : readCoco;
  return ((await readerOf(path)) ?? promised)(path, images);
}

function spread(images: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(images.length / sampledImages));
  return images.filter((_, at) => at % step === 0).slice(0, sampledImages);
}
