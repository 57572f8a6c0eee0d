import * as z from 'zod/mini';
import { boundingBoxSchema, modelIdentitySchema } from './results';
import { scanSummarySchema } from './scan';

/**
 * Two scans of a folder beside each other. Photos are the same by file and bytes; objects of a photo by their box, or, where
 * boxes differ, by an overlap (intersection over union) of one half or more.
 */

/** How many photos the two scans have in common, and why others are not compared. */
export const comparedPhotosSchema = z.object({
  compared: z.int(),
  /** Finished in one scan and not, or not yet, in the other. */
  onlyHere: z.int(),
  onlyThere: z.int(),
  /** In both under the same name, with other bytes. */
  changed: z.int(),
});
export type ComparedPhotos = z.infer<typeof comparedPhotosSchema>;

/** What `relation` holds in `ComparisonColumns`, by number. An object of a photo that the other scan lacks is not compared. */
export const objectRelations = ['notCompared', 'both', 'onlyHere'] as const;
export type ObjectRelation = (typeof objectRelations)[number];

/**
 * What the other scan says of each object of the shown one, in the order of its rows. Little-endian typed arrays in base64;
 * an object that is not in both has no number (NaN), and a class that means nothing.
 */
export const comparisonColumnsSchema = z.object({
  count: z.int(),
  relation: z.string(), // Uint8
  /** Overlap of the two boxes in [0.5, 1]; 1: the same box. */
  overlap: z.string(), // Float32
  score: z.string(), // Float32
  predictedClass: z.string(), // Uint16, index into the other scan's class list
  /** Percentiles of the score in the shown scan and in the other, in [0, 1], among the objects that both hold. */
  percentile: z.string(), // Float32
  otherPercentile: z.string(), // Float32
});
export type ComparisonColumns = z.infer<typeof comparisonColumnsSchema>;

/** The shown scan held against another one of its folder. */
export const scanComparisonSchema = z.object({
  other: scanSummarySchema,
  photos: comparedPhotosSchema,
  /** How many objects of the other scan, in photos that both hold, the shown scan does not have. */
  onlyThere: z.int(),
  /** Spearman's ρ of the scores of objects that both hold; null where it says nothing. */
  rankCorrelation: z.nullable(z.number()),
  columns: comparisonColumnsSchema,
});
export type ScanComparison = z.infer<typeof scanComparisonSchema>;

const comparedScanSchema = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  model: modelIdentitySchema,
  /** SHA-256 of the tuned combiner; null: none was tuned. */
  combiner: z.nullable(z.string()),
  classes: z.array(z.string()),
  boxesOrigin: z.string(),
  threshold: z.number(),
  /** Whether all images of the folder were done. */
  finished: z.boolean(),
});

/** What one of the two scans says of an object. */
const sideSchema = z.object({
  id: z.string(),
  bbox: boundingBoxSchema,
  score: z.number(),
  predictedClass: z.string(),
  /** The δ it is held against. */
  threshold: z.number(),
  flagged: z.boolean(),
  /** Of the score in its scan, in [0, 1], among the objects of both; null unless both scans have the object. */
  percentile: z.nullable(z.number()),
});
export type ComparedSide = z.infer<typeof sideSchema>;

export const comparedObjectSchema = z.object({
  image: z.string(),
  /** Null: the scan has no such object. */
  a: z.nullable(sideSchema),
  b: z.nullable(sideSchema),
  /** Overlap of the two boxes in [0.5, 1]; null unless both scans have the object. */
  overlap: z.nullable(z.number()),
  /** Percentile in A less that in B, in [−1, 1]; null unless both scans have the object. */
  moved: z.nullable(z.number()),
});
export type ComparedObject = z.infer<typeof comparedObjectSchema>;

const foundAloneSchema = z.object({ flagged: z.int(), kept: z.int() });

/** The comparison file: what `uni-ood compare --output` writes. A change of meaning raises `version`. */
export const comparisonFileSchema = z.object({
  version: z.literal(1),
  generator: z.string(),
  createdAt: z.iso.datetime(),
  a: comparedScanSchema,
  b: comparedScanSchema,
  images: z.object({ compared: z.int(), onlyInA: z.int(), onlyInB: z.int(), changed: z.int() }),
  /** Objects by side of δ. */
  objects: z.object({
    flaggedInBoth: z.int(),
    flaggedInAOnly: z.int(),
    flaggedInBOnly: z.int(),
    keptInBoth: z.int(),
    /** Found by one scan alone. */
    onlyInA: foundAloneSchema,
    onlyInB: foundAloneSchema,
  }),
  rankCorrelation: z.nullable(z.number()),
  /** Those in both first, moved most first; then those only in A; then those only in B. */
  compared: z.array(comparedObjectSchema),
});
export type ComparisonFile = z.infer<typeof comparisonFileSchema>;
