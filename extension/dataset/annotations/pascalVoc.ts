import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod/mini';
import { usableBoxes, type AnnotatedBox, type Annotations } from './annotations';
import { withoutEnding } from './fileMatcher';
import { schemaFaults } from '../../protocol/schemaFaults';

const coordinate = z.coerce.number();
const documentSchema = z.looseObject({
  annotation: z.looseObject({
    object: z.optional(
      z.array(
        z.looseObject({
          name: z.coerce.string(),
          bndbox: z.looseObject({ xmin: coordinate, ymin: coordinate, xmax: coordinate, ymax: coordinate }),
        }),
      ),
    ),
  }),
});

const parser = new XMLParser({ isArray: (name) => name === 'object', processEntities: false });

/** The folder of a dataset's XML files: `Annotations` in the scanned folder or beside it. */
export async function findVocFolder(folder: string): Promise<string | undefined> {
  for (const candidate of [join(folder, 'Annotations'), join(dirname(folder), 'Annotations'), folder]) {
    const entries = await readdir(candidate).catch(() => []);
    if (entries.some((name) => name.toLowerCase().endsWith('.xml'))) return candidate;
  }
  return undefined;
}

/**
 * Pascal VOC, an XML file an image, of the image's name. Corners count pixels from 1 and include the last one, so a box
 * is [xmin - 1, ymin - 1, xmax - xmin + 1, ymax - ymin + 1].
 *
 * @param annotationFolder where the XML files are.
 * @param classNames names used in it, from `listVocNames`.
 */
export function readPascalVoc(annotationFolder: string, classNames: readonly string[]): Annotations {
  return {
    format: 'Pascal VOC',
    source: annotationFolder,
    classNames,
    problems: [],
    async boxesOf(file, width, height) {
      for (const path of new Set([
        join(annotationFolder, `${withoutEnding(file)}.xml`),
        join(annotationFolder, `${withoutEnding(basename(file))}.xml`),
      ])) {
        const text = await readFile(path, 'utf8').catch(() => undefined);
        if (text === undefined) continue;
        const boxes = parseDocument(text);
        if (typeof boxes !== 'string') return usableBoxes(boxes, width, height, file, path);
        return { boxes: [], problems: [{ file: path, reason: `Not a Pascal VOC file: ${boxes}` }] };
      }
      return undefined;
    },
  };
}

/** The class names in a folder of XML files, sorted; reads at most so many files. */
export async function listVocNames(annotationFolder: string, most = 2000): Promise<string[]> {
  const names = new Set<string>();
  const entries = (await readdir(annotationFolder)).filter((name) => name.toLowerCase().endsWith('.xml'));
  for (const entry of entries.sort().slice(0, most)) {
    const boxes = parseDocument(await readFile(join(annotationFolder, entry), 'utf8').catch(() => ''));
    if (typeof boxes !== 'string') for (const { label } of boxes) if (label) names.add(label);
  }
  return [...names].sort();
}

function parseDocument(text: string): AnnotatedBox[] | string {
  try {
    const { annotation } = z.parse(documentSchema, parser.parse(text, true));
    return (annotation.object ?? []).map(({ name, bndbox }, position) => ({
      id: String(position + 1),
      label: name,
      box: {
        x: bndbox.xmin - 1,
        y: bndbox.ymin - 1,
        width: bndbox.xmax - bndbox.xmin + 1,
        height: bndbox.ymax - bndbox.ymin + 1,
      },
      score: null,
      entry: position,
    }));
  } catch (error) {
    return error instanceof z.core.$ZodError ? schemaFaults(error) : (error as Error).message;
  }
}
