import * as z from 'zod/mini';

/**
 * What an exported COCO annotation carries beside the format's own fields, and what tells it from another tool's when it
 * is read again: there `score` is UNI-OOD's and the category may be the model's guess.
 */
export const cocoAttributesSchema = z.object({
  objectId: z.string().check(z.minLength(1)),
  predictedClass: z.string(),
  detectionScore: z.nullable(z.number()),
  /** What the dataset calls the object. */
  label: z.nullable(z.string()),
  verdictClass: z.nullable(z.string()),
});
/** How the description of an exported COCO file begins. */
export const exportDescription = 'Objects scored by ';
export type CocoAttributes = z.infer<typeof cocoAttributesSchema>;
