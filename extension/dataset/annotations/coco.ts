import { readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import * as z from 'zod/mini';
import { schemaFaults } from '../../protocol/schemaFaults';
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

/** Annotations of a COCO file, with how many images of the folder have a box in it. */
export interface CocoAnnotations extends Annotations {
  imagesWithBoxes: number;
}

/**
 * COCO annotations ({images, annotations, categories}) or COCO results (a list of {image_id, bbox, score}). Boxes are
 * [x, y, width, height] in pixels.
 *
 * @param images files of the scanned folder; annotations are matched by path, then by name alone.
 * @throws UserFacingError when the file is no such JSON.
 */
export async function readCoco(path: string, images: readonly string[]): Promise<CocoAnnotations> {
  const json = await readJson(path);
  const files = new FileMatcher(images);
  if (Array.isArray(json)) {
    const collector = new EntryCollector(path, (entry) => resultImage(entry, files), new Map());
    return collector.collect('COCO results', json);
  }
  const parsed = z.safeParse(documentSchema, json);
  if (!parsed.success)
    throw new UserFacingError(
      `${path} is not a COCO file (${schemaFaults(parsed.error)}). Repair it, or choose other boxes.`,
    );
  const { data } = parsed;
  const imageOf = new Map(
    data.images.map(({ id, file_name }) => [String(id), { named: file_name, file: files.find(file_name) }]),
  );
  const names = new Map((data.categories ?? []).map(({ id, name }) => [String(id), name]));
  const collector = new EntryCollector(path, (entry) => imageOf.get(String(entry.image_id)), names);
  for (const { named, file } of imageOf.values()) if (file === undefined) collector.absentImages.add(named);
  return collector.collect('COCO', data.annotations);
}

interface NamedImage {
  named: string;
  /** Absent: it is not in the folder. */
  file: string | undefined;
}

function resultImage(entry: Annotation, files: FileMatcher): NamedImage {
  const named = entry.file_name ?? String(entry.image_id);
  return { named, file: files.find(named) ?? files.findStem(named) };
}

/** Problems of one kind that are told one by one; of the others, how many there are. */
const toldOneByOne = 5;

/** Sorts the entries of a COCO file by image, and gathers what cannot be used. */
class EntryCollector {
  readonly absentImages = new Set<string>();
  private readonly byFile = new Map<string, AnnotatedBox[]>();
  private readonly usesOfId = new Map<string, number>();
  private readonly faults: string[] = [];

  constructor(
    private readonly source: string,
    private readonly imageOf: (entry: Annotation) => NamedImage | undefined,
    private readonly names: ReadonlyMap<string, string>,
  ) {}

  collect(format: 'COCO' | 'COCO results', entries: readonly unknown[]): CocoAnnotations {
    entries.forEach((entry, position) => this.add(entry, position + 1));
    return {
      format,
      source: this.source,
      classNames: [...this.names.values()],
      problems: this.problems(),
      imagesWithBoxes: this.byFile.size,
      boxesOf: (file, width, height) => {
        const boxes = this.byFile.get(file);
        return Promise.resolve(boxes && usableBoxes(boxes, width, height, file));
      },
    };
  }

  private add(raw: unknown, position: number): void {
    const parsed = z.safeParse(resultSchema, raw);
    if (!parsed.success) {
      this.faults.push(`Annotation ${position} is left out: ${schemaFaults(parsed.error)}`);
      return;
    }
    const entry = parsed.data;
    const image = this.imageOf(entry);
    if (!image)
      this.faults.push(
        `Annotation ${entry.id ?? position} names image ${entry.image_id}, which the file does not list`,
      );
    else if (image.file === undefined) this.absentImages.add(image.named);
    if (image?.file === undefined) return;
    const [x, y, width, height] = entry.bbox;
    const boxes = this.byFile.get(image.file) ?? [];
    this.byFile.set(image.file, boxes);
    boxes.push({
      id: this.uniqueId(String(entry.id ?? position)),
      label: this.names.get(String(entry.category_id)) ?? null,
      box: { x, y, width, height },
      score: entry.score ?? null,
    });
  }

  private uniqueId(id: string): string {
    const uses = (this.usesOfId.get(id) ?? 0) + 1;
    this.usesOfId.set(id, uses);
    if (uses === 1) return id;
    this.faults.push(`Annotation id ${id} is used again; the object is called ${id}#${uses}`);
    return `${id}#${uses}`;
  }

  private problems(): AnnotationProblem[] {
    const reasons = this.faults.slice(0, toldOneByOne);
    const others = this.faults.length - reasons.length;
    if (others > 0) reasons.push(`${others} more annotations have faults like these`);
    const [first] = this.absentImages;
    if (this.absentImages.size === 1) reasons.push(`It names ${first}, which is not in the folder`);
    else if (this.absentImages.size > 1)
      reasons.push(`It names ${this.absentImages.size} images that are not in the folder, first ${first}`);
    return reasons.map((reason) => ({ file: this.source, reason }));
  }
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
