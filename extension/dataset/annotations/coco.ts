import * as z from 'zod/mini';
import { cocoAttributesSchema, exportDescription, type CocoAttributes } from '../../protocol/cocoAttributes';
import { schemaFaults } from '../../protocol/schemaFaults';
import { UserFacingError } from '../../protocol/userFacingError';
import type { AnnotatedBox } from './annotations';
import { BoxCollector, type FileAnnotations } from './boxCollector';
import { FileMatcher } from './fileMatcher';
import { streamJson } from './streamJson';

const identifier = z.union([z.int(), z.string()]);
const imageSchema = z.object({ id: identifier, file_name: z.string() });
const categorySchema = z.object({ id: identifier, name: z.string() });
const entrySchema = z.object({
  id: z.optional(identifier),
  image_id: identifier,
  category_id: z.optional(identifier),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  score: z.optional(z.number()),
  file_name: z.optional(z.string()),
  attributes: z.optional(z.unknown()),
});
const outlineSchema = z.looseObject({
  info: z.optional(z.unknown()),
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()),
  categories: z.optional(z.array(z.unknown())),
});

type Entry = z.infer<typeof entrySchema>;

/**
 * COCO annotations ({images, annotations, categories}) or COCO results (a list of {image_id, bbox, score}), read as a
 * stream. Boxes are [x, y, width, height] in pixels (https://cocodataset.org/#format-data). What UNI-OOD itself exported
 * comes back as the objects it was: with their ids, the dataset's labels, the detector's scores and the reviewer's verdicts.
 *
 * @param images files of the scanned folder; annotations are matched by path, then by name alone.
 * @throws UserFacingError when the file is no such JSON.
 */
export async function readCoco(path: string, images: readonly string[]): Promise<FileAnnotations> {
  const reader = new CocoReader(path, images);
  const outline = await streamJson(path, (entry, list) => reader.take(entry, list));
  if (Array.isArray(outline)) return reader.annotations('COCO results');
  const parsed = z.safeParse(outlineSchema, outline);
  if (!parsed.success)
    throw new UserFacingError(
      `${path} is not a COCO file (${schemaFaults(parsed.error)}). Repair it, or choose other boxes.`,
    );
  return reader.annotations('COCO', isOurs(parsed.data.info));
}

function isOurs(info: unknown): boolean {
  const { data } = z.safeParse(z.object({ description: z.string() }), info);
  return data?.description.startsWith(exportDescription) === true;
}

interface NamedImage {
  named: string;
  /** Absent: it is not in the folder. */
  file: string | undefined;
}

/** Takes images, categories and annotations in whatever order the file has them. */
class CocoReader {
  private readonly boxes: BoxCollector;
  private readonly files: FileMatcher;
  private readonly imageOf = new Map<string, NamedImage>();
  private readonly names = new Map<string, string>();
  private readonly absentImages = new Set<string>();
  /** Annotations that stand before the images they name, with their position. */
  private readonly waiting: [Entry, number][] = [];
  /** Boxes of an export, with what it says of them. */
  private readonly exported: [AnnotatedBox, CocoAttributes][] = [];
  /** Annotations that carry what an export says of an object. */
  private withAttributes = 0;
  private readonly taken = { images: 0, annotations: 0, categories: 0 };

  constructor(path: string, images: readonly string[]) {
    this.boxes = new BoxCollector(path);
    this.files = new FileMatcher(images);
  }

  take(entry: unknown, list: string | null): void {
    if (list === 'images') this.takeImage(entry, ++this.taken.images);
    else if (list === 'categories') this.takeCategory(entry, ++this.taken.categories);
    else if (list === 'annotations') this.takeAnnotation(entry, ++this.taken.annotations, false);
    else if (list === null) this.takeAnnotation(entry, ++this.taken.annotations, true);
  }

  /** @param isOurs the file says that UNI-OOD wrote it. */
  annotations(format: 'COCO' | 'COCO results', isOurs = false): FileAnnotations {
    for (const [entry, position] of this.waiting) this.place(entry, position, this.listedImage(entry));
    this.boxes.relabel((category) => (category === null ? null : (this.names.get(category) ?? null)));
    for (const [box, exported] of this.exported) box.label = labelOf(box.label, exported);
    return this.boxes.annotations(format, [...this.names.values()], this.isExport(isOurs));
  }

  /** One annotation of another hand makes it a file of the dataset's; without any, it is what it says. */
  private isExport(isOurs: boolean): boolean {
    const { annotations } = this.taken;
    return annotations === 0 ? isOurs : this.withAttributes === annotations;
  }

  private takeImage(raw: unknown, position: number): void {
    const parsed = z.safeParse(imageSchema, raw);
    if (!parsed.success) this.boxes.fault(`Image ${position} is left out: ${schemaFaults(parsed.error)}`);
    else {
      const { id, file_name: named } = parsed.data;
      const file = this.files.find(named);
      if (file === undefined) this.noteAbsent(named);
      else this.boxes.list(file);
      this.imageOf.set(String(id), { named, file });
    }
  }

  private takeCategory(raw: unknown, position: number): void {
    const parsed = z.safeParse(categorySchema, raw);
    if (parsed.success) this.names.set(String(parsed.data.id), parsed.data.name);
    else this.boxes.fault(`Category ${position} is left out: ${schemaFaults(parsed.error)}`);
  }

  private takeAnnotation(raw: unknown, position: number, isResult: boolean): void {
    const parsed = z.safeParse(entrySchema, raw);
    if (z.safeParse(cocoAttributesSchema, parsed.data?.attributes).success) this.withAttributes++;
    if (!parsed.success)
      this.boxes.fault(`Annotation ${position} is left out: ${schemaFaults(parsed.error)}`);
    else if (isResult) this.place(parsed.data, position, this.resultImage(parsed.data));
    else if (this.taken.images === 0) this.waiting.push([parsed.data, position]);
    else this.place(parsed.data, position, this.listedImage(parsed.data));
  }

  private listedImage(entry: Entry): NamedImage | undefined {
    return this.imageOf.get(String(entry.image_id));
  }

  private resultImage(entry: Entry): NamedImage {
    const named = entry.file_name ?? String(entry.image_id);
    const file = this.files.find(named) ?? this.files.findStem(named);
    if (file === undefined) this.noteAbsent(named);
    return { named, file };
  }

  private noteAbsent(named: string): void {
    if (this.absentImages.has(named)) return;
    this.absentImages.add(named);
    this.boxes.absent(named);
  }

  private place(entry: Entry, position: number, image: NamedImage | undefined): void {
    if (!image)
      this.boxes.fault(
        `Annotation ${entry.id ?? position} names image ${entry.image_id}, which the file does not list`,
      );
    if (image?.file === undefined) return;
    const [x, y, width, height] = entry.bbox;
    const exported = z.safeParse(cocoAttributesSchema, entry.attributes).data;
    const box: AnnotatedBox = {
      id: this.boxes.uniqueId(exported?.objectId ?? String(entry.id ?? position)),
      label: entry.category_id === undefined ? null : String(entry.category_id),
      box: { x, y, width, height },
      score: exported ? exported.detectionScore : (entry.score ?? null),
      entry: position - 1,
      ...decisionIn(exported),
    };
    this.boxes.keep(image.file, box);
    if (exported) this.exported.push([box, exported]);
  }
}

/** A verdict without a time, as former versions wrote it, is as old as any. */
function decisionIn(exported: CocoAttributes | undefined): Pick<AnnotatedBox, 'decision'> {
  if (!exported?.verdict) return {};
  const { verdict, verdictClass, verdictAt } = exported;
  const at = verdictAt ?? new Date(0).toISOString();
  return { decision: { verdict, ...(verdictClass ? { class: verdictClass } : {}), at } };
}

/**
 * The label of an exported object. Its category is what the model or the reviewer said, which must not come back as a word
 * of the dataset, or δ would be calibrated on guesses; a category that is neither was given since, in another tool.
 */
function labelOf(
  category: string | null,
  { label, predictedClass, verdictClass }: CocoAttributes,
): string | null {
  return category === predictedClass || category === verdictClass ? label : category;
}
