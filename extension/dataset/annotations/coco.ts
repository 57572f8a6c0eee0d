import { readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import * as z from 'zod/mini';
import { UserFacingError } from '../../protocol/userFacingError';
import { usableBoxes, type AnnotatedBox, type AnnotationProblem, type Annotations } from './annotations';

/** Larger files would not fit into memory beside the models. */
const largestFile = 512 * 1024 * 1024;

const identifier = z.union([z.int(), z.string()]);
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const image = z.looseObject({ id: identifier, file_name: z.string() });
const category = z.looseObject({ id: identifier, name: z.string() });

const documentSchema = z.looseObject({
  images: z.array(image),
  annotations: z.array(z.unknown()),
  categories: z.optional(z.array(category)),
});
const annotationSchema = z.looseObject({
  id: z.optional(identifier),
  image_id: identifier,
  category_id: z.optional(identifier),
  bbox: box,
  score: z.optional(z.number()),
});
const resultSchema = z.looseObject({ ...annotationSchema.shape, file_name: z.optional(z.string()) });

type Annotation = z.infer<typeof resultSchema>;

/**
 * COCO annotations ({images, annotations, categories}) or COCO results (a list of {image_id, bbox, score}). Boxes are
 * [x, y, width, height] in pixels.
 *
 * @param images files of the scanned folder; annotations are matched by path, then by name alone.
 * @throws UserFacingError when the file is no such JSON.
 */
export async function readCoco(path: string, images: readonly string[]): Promise<Annotations> {
  const json = await readJson(path);
  const problems: AnnotationProblem[] = [];
  const files = new FileMatcher(images);
  if (Array.isArray(json))
    return collect('COCO results', path, json, (entry) => resultImage(entry, files), new Map(), problems);
  const parsed = z.safeParse(documentSchema, json);
  if (!parsed.success)
    throw new UserFacingError(`${path} is not a COCO file: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  const fileOf = new Map(
    data.images.map(({ id, file_name }) => [String(id), { named: file_name, file: files.find(file_name) }]),
  );
  for (const { named, file } of fileOf.values())
    if (file === undefined)
      problems.push({ file: named, reason: `Named in ${posix.basename(path)}, but not in the folder` });
  const names = new Map((data.categories ?? []).map(({ id, name }) => [String(id), name]));
  return collect(
    'COCO',
    path,
    data.annotations,
    (entry) => fileOf.get(String(entry.image_id)),
    names,
    problems,
  );
}

function resultImage(entry: Annotation, files: FileMatcher): { named: string; file: string | undefined } {
  const named = entry.file_name ?? String(entry.image_id);
  return { named, file: files.find(named) ?? files.findStem(named) };
}

function collect(
  format: 'COCO' | 'COCO results',
  source: string,
  entries: readonly unknown[],
  imageOf: (entry: Annotation) => { named: string; file: string | undefined } | undefined,
  names: ReadonlyMap<string, string>,
  problems: AnnotationProblem[],
): Annotations {
  const byFile = new Map<string, AnnotatedBox[]>();
  entries.forEach((raw, position) => {
    const parsed = z.safeParse(resultSchema, raw);
    if (!parsed.success) {
      problems.push({
        file: source,
        reason: `Annotation ${position + 1} is left out: ${z.prettifyError(parsed.error)}`,
      });
      return;
    }
    const entry = parsed.data;
    const found = imageOf(entry);
    if (!found)
      problems.push({
        file: source,
        reason: `Annotation ${entry.id ?? position + 1} names image ${entry.image_id}, which the file does not list`,
      });
    if (!found?.file) return;
    const [x, y, width, height] = entry.bbox;
    const annotated = {
      id: String(entry.id ?? position + 1),
      label: names.get(String(entry.category_id)) ?? null,
      box: { x, y, width, height },
      score: entry.score ?? null,
    };
    byFile.set(found.file, [...(byFile.get(found.file) ?? []), annotated]);
  });
  return {
    format,
    source,
    classNames: [...names.values()],
    problems,
    boxesOf: (file, width, height) => {
      const boxes = byFile.get(file);
      return Promise.resolve(boxes && usableBoxes(boxes, width, height, file, problems));
    },
  };
}

async function readJson(path: string): Promise<unknown> {
  const { size } = await stat(path);
  if (size > largestFile)
    throw new UserFacingError(
      `${path} is too large (${Math.round(size / 2 ** 20)} MB; the limit is ${largestFile / 2 ** 20} MB). Split it.`,
    );
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new UserFacingError(
      `${path} is not JSON: ${(error as Error).message}. Repair it, or choose other boxes.`,
    );
  }
}

/** Finds the scanned file an annotation names: the same path, a path ending, or the only file of that name. */
export class FileMatcher {
  private readonly byPath: ReadonlySet<string>;
  private readonly byName = new Map<string, string[]>();
  private readonly byStem = new Map<string, string[]>();

  constructor(files: readonly string[]) {
    this.byPath = new Set(files);
    for (const file of files) {
      const name = posix.basename(file);
      this.byName.set(name, [...(this.byName.get(name) ?? []), file]);
      const stem = withoutEnding(name);
      this.byStem.set(stem, [...(this.byStem.get(stem) ?? []), file]);
    }
  }

  find(named: string): string | undefined {
    const path = posix.normalize(named.replaceAll('\\', '/'));
    if (this.byPath.has(path)) return path;
    const candidates = this.byName.get(posix.basename(path)) ?? [];
    if (candidates.length <= 1) return candidates[0];
    const sameEnd = candidates.filter((file) => path.endsWith(`/${file}`) || file.endsWith(`/${path}`));
    return sameEnd.length === 1 ? sameEnd[0] : undefined;
  }

  /** By the name without its ending, as COCO's results and YOLO's labels name images; numbers may lack leading zeros. */
  findStem(stem: string): string | undefined {
    const candidates = this.byStem.get(stem) ?? this.byStem.get(stem.padStart(12, '0')) ?? [];
    return candidates.length === 1 ? candidates[0] : undefined;
  }
}

export function withoutEnding(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
