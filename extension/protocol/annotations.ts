import * as z from 'zod/mini';
import { request } from './contract';
import { scanReferenceSchema } from './scan';

/** How a dataset writes its objects down. */
export const annotationFormatSchema = z.enum([
  'COCO',
  'COCO results',
  'BDD100K',
  'Open Images',
  'YOLO',
  'Pascal VOC',
  'Class folders',
]);
export type AnnotationFormat = z.infer<typeof annotationFormatSchema>;

/** Formats that hold each object in a text of its own, which can be shown and changed. */
export const editableFormats = ['COCO', 'COCO results', 'YOLO', 'Pascal VOC'] as const;
export type EditableFormat = (typeof editableFormats)[number];

export function isEditableFormat(format: AnnotationFormat): format is EditableFormat {
  return (editableFormats as readonly AnnotationFormat[]).includes(format);
}

/** The annotations a scan took boxes or labels from. */
export const annotationSourceSchema = z.object({
  format: annotationFormatSchema,
  /** The file or folder a person named (absolute path); null: those the scanned folder brings along. */
  named: z.nullable(z.string()),
});
export type AnnotationSource = z.infer<typeof annotationSourceSchema>;

/** A place in a text as editors count it: from 0, in UTF-16 units. */
const textPositionSchema = z.object({ line: z.int(), character: z.int() });
export const textRangeSchema = z.object({ start: textPositionSchema, end: textPositionSchema });
export type TextRange = z.infer<typeof textRangeSchema>;

/** Where an annotation file holds an object. */
export const annotationPlaceSchema = z.object({
  /** Absolute path. */
  file: z.string(),
  range: textRangeSchema,
  /** What stands there. */
  text: z.string(),
});
export type AnnotationPlace = z.infer<typeof annotationPlaceSchema>;

/** The line of the annotation file that holds an object, or the annotation a detected object was matched with. */
export const findAnnotation = request(
  'annotations/find',
  z.object({ reference: scanReferenceSchema, id: z.string() }),
  annotationPlaceSchema,
);
