import * as z from 'zod/mini';
import { request } from './contract';
import { scanReferenceSchema } from './scan';

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

/** What becomes of annotations whose objects carry a verdict. */
export const verdictRulesSchema = z.object({
  /** Objects that are out of distribution and have a name stay under it; else they go like those without. */
  keepNamed: z.boolean(),
});
export type VerdictRules = z.infer<typeof verdictRulesSchema>;

/** What a copy of the annotations differs in. */
export const appliedVerdictsSchema = z.object({
  dropped: z.int(),
  relabelled: z.int(),
  /** Annotations that are as the verdict says already. */
  confirmed: z.int(),
  /** Verdicts on objects that no annotation file holds. */
  unmatched: z.int(),
  /** Verdicts with a class that could not be written, since the files do not say which number a class has. */
  unnamed: z.int(),
  /** Classes that were added. */
  newClasses: z.array(z.string()),
  /** How many files the copy is. */
  files: z.int(),
  /** The file, or the folder. */
  output: z.string(),
});
export type AppliedVerdicts = z.infer<typeof appliedVerdictsSchema>;

/** Writes a copy of the annotations with the verdicts of a scan applied; the annotations themselves stay as they are. */
export const applyVerdicts = request(
  'annotations/applyVerdicts',
  z.object({
    reference: scanReferenceSchema,
    rules: verdictRulesSchema,
    /** Absolute path: of a file for COCO, of a folder for YOLO and Pascal VOC. */
    output: z.string(),
  }),
  appliedVerdictsSchema,
);
