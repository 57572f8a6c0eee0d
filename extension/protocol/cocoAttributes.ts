import * as z from 'zod/mini';
import { verdictSchema } from './results';

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
  /** What the reviewer said, and when; files of former versions lack the time. */
  verdict: z.optional(z.nullable(verdictSchema)),
  verdictClass: z.nullable(z.string()),
  verdictAt: z.optional(z.nullable(z.iso.datetime())),
});
/** How the description of an exported COCO file begins. */
export const exportDescription = 'Objects scored by ';
export type CocoAttributes = z.infer<typeof cocoAttributesSchema>;
