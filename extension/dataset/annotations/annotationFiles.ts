import { open, readdir, type FileHandle } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { readBdd } from './bdd';
import type { FileAnnotations } from './boxCollector';
import { readCoco } from './coco';
import { isOpenImagesHeader, readOpenImages } from './openImages';

/** Reads a file of annotations for the images of a folder. */
export type ReadAnnotationFile = (path: string, images: readonly string[]) => Promise<FileAnnotations>;

/** Where in a folder such files lie; the last is BDD100K's. */
const places = ['.', 'annotations', 'labels', 'labels/det_20'];

/** The files of a folder that begin like annotations, by place and name, each with its reader. */
export async function annotationFiles(folder: string): Promise<{ path: string; read: ReadAnnotationFile }[]> {
  const found: { path: string; read: ReadAnnotationFile }[] = [];
  for (const place of places) {
    for (const name of (await readdir(join(folder, place)).catch(() => [])).sort()) {
      const path = join(folder, place, name);
      const read = await readerOf(path);
      if (read) found.push({ path, read });
    }
  }
  return found;
}

/** How to read a file, by its ending and by what stands in it; undefined where it does not look like annotations. */
export async function readerOf(path: string): Promise<ReadAnnotationFile | undefined> {
  const look = looks.get(extname(path).toLowerCase());
  if (!look) return undefined;
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    return await look(file);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

const looks = new Map([
  ['.json', jsonReader],
  ['.csv', csvReader],
]);

/** How many places of a file are looked at, and how many bytes at each. */
const windows = { count: 5, size: 32768 };

/** Looks for keys here and there in a file, since their order differs and it may be long. COCO's captions have no box. */
async function jsonReader(file: FileHandle): Promise<ReadAnnotationFile | undefined> {
  const { size } = await file.stat();
  const step = Math.max(0, size - windows.size) / (windows.count - 1);
  let text = '';
  for (let at = 0; at < windows.count; at++) text += await textAt(file, Math.floor(at * step), windows.size);
  if (/"box2d"\s*:/.test(text) && /"(labels|frames)"\s*:/.test(text)) return readBdd;
  const isShort = size <= windows.size;
  const isCoco =
    /"(annotations|categories)"\s*:/.test(text) && (isShort || /"(bbox|supercategory)"\s*:/.test(text));
  return isCoco ? readCoco : undefined;
}

async function csvReader(file: FileHandle): Promise<ReadAnnotationFile | undefined> {
  const [firstLine] = (await textAt(file, 0, 1024)).split(/\r?\n/);
  return isOpenImagesHeader(firstLine) ? readOpenImages : undefined;
}

async function textAt(file: FileHandle, position: number, size: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, position);
  return buffer.subarray(0, bytesRead).toString('latin1');
}
