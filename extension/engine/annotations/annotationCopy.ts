import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { changedCoco } from '../../dataset/annotationText/changedCoco';
import { changedVoc } from '../../dataset/annotationText/changedVoc';
import { changedYolo, YoloDescription } from '../../dataset/annotationText/changedYolo';
import type { EntryChange } from '../../dataset/annotationText/splices';
import { UserFacingError } from '../../protocol/userFacingError';
import { couldNotBeWritten, writeWhole } from '../../store/exportFormats/writeExport';
import type { EditableAnnotations } from './scanAnnotations';

type Changes = ReadonlyMap<string, ReadonlyMap<number, EntryChange>>;

/**
 * Writes a copy of annotations with some of them changed: a file for COCO, a folder for YOLO and Pascal VOC. It is written
 * whole or not at all, and never over an annotation file.
 *
 * @param sources the files that say something of a photo of the scan. @returns how many files were written.
 * @throws UserFacingError when the place is one of the originals or is taken, or cannot be written to.
 */
export async function writeAnnotationCopy(
  annotations: EditableAnnotations,
  sources: readonly string[],
  changes: Changes,
  output: string,
): Promise<number> {
  const { format, source } = annotations;
  if (format === 'COCO' || format === 'COCO results') {
    await refuseOriginal(source, output);
    const list = format === 'COCO' ? 'annotations' : null;
    await writeWhole(
      output,
      changedCoco(source, list, changes.get(source) ?? new Map<number, EntryChange>()),
    );
    return 1;
  }
  return writeFolder(annotations, await withNeighbours(sources, format), changes, output);
}

async function refuseOriginal(source: string, output: string): Promise<void> {
  const [original, place] = await Promise.all(
    [source, output].map((path) => stat(path).catch(() => undefined)),
  );
  if (place?.isDirectory())
    throw new UserFacingError(`${output} is a folder; a COCO file is written. Name a file.`);
  if (place && place.ino === original?.ino && place.dev === original.dev)
    throw new UserFacingError(
      `${output} is the annotation file itself, which stays as it is. Choose another place for the copy.`,
    );
}

const endings = { YOLO: '.txt', 'Pascal VOC': '.xml' } as const;

/** All files of a kind in the folders of some: those of photos that are not in the scan belong to the copy as well. */
async function withNeighbours(sources: readonly string[], format: 'YOLO' | 'Pascal VOC'): Promise<string[]> {
  const files = new Set<string>();
  for (const folder of new Set(sources.map((path) => dirname(path))))
    for (const entry of await readdir(folder, { withFileTypes: true }))
      if (!entry.isDirectory() && extname(entry.name).toLowerCase() === endings[format])
        files.add(join(folder, entry.name));
  return [...files].sort();
}

async function writeFolder(
  { namesFile }: EditableAnnotations,
  files: readonly string[],
  changes: Changes,
  output: string,
): Promise<number> {
  await refuseTaken(output);
  const draft = `${resolve(output)}.${randomUUID()}.part`;
  const root = rootOf(files, namesFile);
  const description = namesFile === undefined ? null : new YoloDescription(await readFile(namesFile, 'utf8'));
  try {
    for (const file of files) {
      const copy = join(draft, relative(root, file));
      await mkdir(dirname(copy), { recursive: true });
      const ofFile = changes.get(file);
      if (ofFile) await writeFile(copy, await changedText(file, ofFile, description));
      else await copyFile(file, copy);
    }
    if (namesFile !== undefined && description) {
      const inside = relative(root, namesFile);
      await mkdir(draft, { recursive: true });
      await writeFile(
        join(draft, inside.startsWith('..') ? basename(namesFile) : inside),
        description.toString(),
      );
    }
    await rmdir(output).catch(() => undefined); // an empty one
    await rename(draft, output);
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined); // the first fault is told
    throw couldNotBeWritten(output, error);
  }
  return files.length + (description ? 1 : 0);
}

async function refuseTaken(output: string): Promise<void> {
  const entries = await readdir(output).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR')
      throw new UserFacingError(`${output} is a file; labels are several. Name a folder.`);
    throw couldNotBeWritten(output, error);
  });
  if (entries.length > 0)
    throw new UserFacingError(
      `${output} is not empty, and the copy is written over nothing. Choose a folder that is not there yet.`,
    );
}

/** A text in UTF-8, or else one in which every byte stays what it is. */
async function changedText(
  file: string,
  changes: ReadonlyMap<number, EntryChange>,
  description: YoloDescription | null,
): Promise<Buffer> {
  const bytes = await readFile(file);
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  const text = bytes.toString(encoding);
  const isXml = extname(file).toLowerCase() === endings['Pascal VOC'];
  const changed = isXml
    ? changedVoc(text, changes)
    : changedYolo(text, changes, (name) => {
        if (!description) throw new Error('A class has no number without a description of the dataset.');
        return description.numberOf(name);
      });
  return Buffer.from(changed, encoding);
}

/** The folder that the copy stands for: of the description where that lies above the labels, else all labels lie in it. */
function rootOf(files: readonly string[], namesFile: string | undefined): string {
  const folders = files.map((file) => dirname(file));
  const root = folders.reduce((common, folder) => {
    while (folder !== common && !folder.startsWith(common.endsWith(sep) ? common : common + sep))
      common = dirname(common);
    return common;
  }, folders[0] ?? '');
  if (namesFile === undefined) return root;
  const above = dirname(namesFile);
  return root === above || root.startsWith(above + sep) ? above : root;
}
