import * as z from 'zod/mini';
import { schemaFaults } from '../../protocol/schemaFaults';
import { UserFacingError } from '../../protocol/userFacingError';
import { BoxCollector, type FileAnnotations } from './boxCollector';
import { FileMatcher } from './fileMatcher';
import { streamJson } from './streamJson';

const identifier = z.union([z.int(), z.string()]);
const frameSchema = z.object({
  name: z.coerce.string().check(z.minLength(1)),
  videoName: z.nullish(z.string()),
  labels: z.nullish(z.array(z.unknown())),
});
/** Labels without `box2d` are lanes, areas, poses or masks, which are no objects here. */
const labelSchema = z.object({
  id: z.nullish(identifier),
  category: z.nullish(z.string()),
  score: z.nullish(z.number()),
  box2d: z.nullish(z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() })),
});

interface Category {
  name: string;
  subcategories?: Category[] | null | undefined;
}
const categorySchema: z.ZodMiniType<Category> = z.object({
  name: z.string(),
  get subcategories() {
    return z.nullish(z.array(categorySchema));
  },
});
const outlineSchema = z.union([
  z.array(z.unknown()),
  z.looseObject({
    frames: z.array(z.unknown()),
    config: z.nullish(z.looseObject({ categories: z.nullish(z.array(categorySchema)) })),
  }),
]);

/**
 * BDD100K's JSON, read as a stream: a list of frames {name, labels: [{category, box2d}]}, as the labels of 2018 and 2020
 * are, or the Scalabel form {frames, config}. A box is {x1, y1, x2, y2} in pixels from 0, and (x2, y2) is the last pixel
 * in it, so its width is x2 - x1 + 1: so Scalabel's own conversions have it (`scalabel/label/transforms.py`), which read
 * both forms (https://doc.scalabel.com/format.html).
 *
 * @param images files of the scanned folder; frames are matched by path (of video and frame), then by name alone.
 * @throws UserFacingError when the file is no such JSON.
 */
export async function readBdd(path: string, images: readonly string[]): Promise<FileAnnotations> {
  const boxes = new BoxCollector(path);
  const files = new FileMatcher(images);
  let position = 0;
  const outline = await streamJson(path, (entry, list) => {
    if (list === null || list === 'frames') takeFrame(entry, ++position, files, boxes);
  });
  const parsed = z.safeParse(outlineSchema, outline);
  if (!parsed.success)
    throw new UserFacingError(
      `${path} is not a BDD100K file (it is neither a list of frames nor an object with "frames"). Repair it, or choose other boxes.`,
    );
  const { data } = parsed;
  const categories = Array.isArray(data) ? [] : (data.config?.categories ?? []).flatMap(leafNames);
  return boxes.annotations('BDD100K', categories.length > 0 ? categories : boxes.labels());
}

/** Names of the classes that objects have; the others group them. */
function leafNames({ name, subcategories }: Category): string[] {
  return subcategories && subcategories.length > 0 ? subcategories.flatMap(leafNames) : [name];
}

function takeFrame(raw: unknown, position: number, files: FileMatcher, boxes: BoxCollector): void {
  const parsed = z.safeParse(frameSchema, raw);
  if (!parsed.success) {
    boxes.fault(`Frame ${position} is left out: ${schemaFaults(parsed.error)}`);
    return;
  }
  const { name, videoName, labels } = parsed.data;
  const file = files.find(videoName ? `${videoName}/${name}` : name);
  if (file === undefined) {
    boxes.absent(name);
    return;
  }
  boxes.list(file);
  labels?.forEach((label, at) => takeLabel(label, `Label ${at + 1} of ${name}`, file, boxes));
}

function takeLabel(raw: unknown, called: string, file: string, boxes: BoxCollector): void {
  const parsed = z.safeParse(labelSchema, raw);
  if (!parsed.success) {
    boxes.fault(`${called} is left out: ${schemaFaults(parsed.error)}`);
    return;
  }
  const { id, category, box2d, score } = parsed.data;
  if (!box2d) return;
  boxes.keep(file, {
    id: boxes.uniqueId(String(id ?? boxes.count(file) + 1), file),
    label: category ?? null,
    box: { x: box2d.x1, y: box2d.y1, width: box2d.x2 - box2d.x1 + 1, height: box2d.y2 - box2d.y1 + 1 },
    score: score ?? null,
  });
}
