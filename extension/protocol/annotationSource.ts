import * as z from 'zod/mini';

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
