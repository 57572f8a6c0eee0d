import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod/mini';
import type { Box } from '../../pipeline/image';
import { schemaFaults } from '../../protocol/schemaFaults';
import { yoloNames } from '../classLists/readClassList';
import { usableBoxes, type AnnotationProblem, type Annotations, type ImageAnnotations } from './annotations';
import { withoutEnding } from './fileMatcher';

/** How far above the scanned folder its `data.yaml` may lie (`data/images/train` and `data/data.yaml`). */
const levelsUp = 3;
/** Bytes; what is larger describes no dataset. */
const largestDescription = 4 * 1024 * 1024;

const namesSchema = z.looseObject({
  names: z.union([z.array(z.coerce.string()), z.record(z.string(), z.coerce.string())]),
});

/** A YOLO description of a dataset: its file and its class names by number. */
export interface YoloNames {
  file: string;
  /** In the order of their numbers, of which some may be left out. */
  names: ReadonlyMap<number, string>;
}

/** The names of a dataset, if there are any, and what is wrong with files that should hold some. */
export interface FoundYoloNames {
  yolo: YoloNames | undefined;
  problems: AnnotationProblem[];
}

/** Of the YAML files of a folder, the ones that promise class names. */
const promisesNames = /^data\.ya?ml$/i;

/**
 * The `data.yaml` of a folder or of one above it, or another `.yaml` with `names` in the folder. A broken one is passed over, and told
 * where its name promises class names.
 */
export async function findYoloNames(folder: string): Promise<FoundYoloNames> {
  const problems: AnnotationProblem[] = [];
  let current = folder;
  for (let level = 0; level <= levelsUp; level++) {
    const entries = await readdir(current).catch(() => []);
    const descriptions = entries.filter((name) =>
      // Above the folder, any other may be of something else.
      level === 0 ? ['.yaml', '.yml'].includes(extname(name).toLowerCase()) : promisesNames.test(name),
    );
    for (const name of descriptions.sort(
      (a, b) => Number(b === 'data.yaml') - Number(a === 'data.yaml') || (a < b ? -1 : 1),
    )) {
      const file = join(current, name);
      try {
        return { yolo: { file, names: await namesIn(file) }, problems };
      } catch (error) {
        if (promisesNames.test(name)) problems.push({ file, reason: whyUnusable(error as Error) });
      }
    }
    const parent = dirname(current);
    if (parent === current) break;
    current = parent;
  }
  return { yolo: undefined, problems };
}

/** @throws Error where the file holds no names. */
async function namesIn(file: string): Promise<ReadonlyMap<number, string>> {
  const { size } = await stat(file);
  if (size > largestDescription) throw new Error(`it has ${size} bytes`);
  return yoloNames(z.parse(namesSchema, parseYaml(await readFile(file, 'utf8'))).names);
}

function whyUnusable(error: Error): string {
  const fault = error instanceof z.core.$ZodError ? schemaFaults(error) : error.message.split('\n')[0];
  return `Its class names cannot be read: ${fault.replace(/:$/, '')}. Correct the file, or choose the classes in another way.`;
}

/** The places a label file may have: beside the image, in `labels` for `images`, in `labels` of the folder, or in a folder that was named or its `labels`. */
function labelPaths(folder: string, file: string, labels: string | undefined): string[] {
  const text = `${withoutEnding(file)}.txt`;
  if (labels)
    return [text, text.replace(/^images\//, ''), basename(text)].flatMap((path) => [
      join(labels, path),
      join(labels, 'labels', path),
    ]);
  const beside = join(folder, text);
  return [
    ...mirrored(beside),
    join(folder, 'labels', text),
    join(folder, 'labels', text.replace(/^images\//, '')),
    beside,
  ];
}

/** Folders of a scanned folder that hold labels and nothing else: `labels` in it, and the one that stands for it where it is in `images`. */
export function labelFolders(folder: string): string[] {
  return [join(folder, 'labels'), ...mirrored(`${folder}${sep}`).map((path) => resolve(path))];
}

/** The place in `labels` that stands for one in `images`; none where it is in no such folder. */
function mirrored(path: string): string[] {
  const images = `${sep}images${sep}`;
  const at = path.lastIndexOf(images);
  return at < 0 ? [] : [`${path.slice(0, at)}${sep}labels${sep}${path.slice(at + images.length)}`];
}

/**
 * YOLO labels, a text file an image: lines of class number, centre x, centre y, width, height as shares of the image,
 * and a score where they are predictions; or of class number and the corners of a polygon, of which the box is used.
 *
 * @param folder the scanned folder. @param labels folder of the label files; absent: the usual places.
 */
export function readYolo(folder: string, names: YoloNames | undefined, labels?: string): Annotations {
  return {
    format: 'YOLO',
    source: labels ?? names?.file ?? folder,
    classNames: [...(names?.names.values() ?? [])],
    ...(names ? { namesFile: names.file } : {}),
    problems: [],
    async boxesOf(file, width, height) {
      for (const path of labelPaths(folder, file, labels)) {
        const text = await readFile(path, 'utf8').catch(() => undefined);
        if (text === undefined) continue;
        const written = parseLines(text, path, names?.names ?? new Map(), width, height);
        const usable = usableBoxes(written.boxes, width, height, file, path);
        return { ...usable, problems: [...written.problems, ...usable.problems] };
      }
      return undefined;
    },
  };
}

/** Whether any of these images has a label file in the usual places. */
export async function hasYoloLabels(folder: string, images: readonly string[]): Promise<boolean> {
  for (const image of images)
    for (const path of labelPaths(folder, image, undefined)) {
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text !== undefined && /^\s*\d+(\s+-?[\d.eE+-]+){4}/.test(text)) return true;
    }
  return false;
}

function parseLines(
  text: string,
  path: string,
  names: ReadonlyMap<number, string>,
  width: number,
  height: number,
): ImageAnnotations {
  const parsed: ImageAnnotations = { boxes: [], problems: [] };
  text.split(/\r?\n/).forEach((line, position) => {
    if (line.trim() === '') return;
    const box = parseLine(line);
    if (!box) {
      const start = line.trim().slice(0, 60);
      parsed.problems.push({
        file: path,
        reason: `Line ${position + 1} is not "class x y width height": ${start}`,
      });
      return;
    }
    const { x, y } = { x: box.x * width, y: box.y * height };
    parsed.boxes.push({
      id: String(position + 1),
      label: names.get(box.classNumber) ?? null,
      box: { x, y, width: box.width * width, height: box.height * height },
      score: box.score,
      entry: position,
    });
  });
  return parsed;
}

interface YoloLine extends Box {
  classNumber: number;
  score: number | null;
}

/** Corner and size as shares of the image; undefined where the line is none. */
function parseLine(line: string): YoloLine | undefined {
  const values = line.trim().split(/\s+/).map(Number);
  if (!values.every(Number.isFinite)) return undefined;
  const [classNumber, ...rest] = values;
  if (rest.length === 4 || rest.length === 5) {
    const [centreX, centreY, width, height, score] = rest;
    const corner = { x: centreX - width / 2, y: centreY - height / 2 };
    return { classNumber, ...corner, width, height, score: score ?? null };
  }
  if (rest.length < 6 || rest.length % 2 === 1) return undefined;
  const across = rest.filter((_, at) => at % 2 === 0);
  const down = rest.filter((_, at) => at % 2 === 1);
  const [x, y] = [Math.min(...across), Math.min(...down)];
  return { classNumber, x, y, width: Math.max(...across) - x, height: Math.max(...down) - y, score: null };
}
