import * as z from 'zod/mini';
import { scanConfigurationSchema } from './methodConfiguration';

/** [x, y, width, height] in pixels of the upright image, top-left origin. */
export const boundingBoxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type BoundingBox = z.infer<typeof boundingBoxSchema>;

export const verdictSchema = z.enum(['ood', 'id', 'ignored']);
export type Verdict = z.infer<typeof verdictSchema>;

/** What the reviewer said of an object. `class`: an ID class, or a free name for an object that is out of distribution. */
export const decisionSchema = z.object({
  verdict: verdictSchema,
  class: z.optional(z.string().check(z.minLength(1))),
  at: z.iso.datetime(),
});
export type Decision = z.infer<typeof decisionSchema>;

/** Scores of the usual methods from the same passes; higher means more in distribution. */
export const baselinesSchema = z.object({
  mcm: z.number(),
  maxCosine: z.number(),
  glMcm: z.number(),
  runa: z.number(),
});
export type Baselines = z.infer<typeof baselinesSchema>;

export const thresholdSourceSchema = z.enum(['user', 'calibrated', 'estimated', 'bundle']);

export const modelIdentitySchema = z.object({ id: z.string(), version: z.string(), sha256: z.string() });
export type ModelIdentity = z.infer<typeof modelIdentitySchema>;

export const resultObjectSchema = z.object({
  id: z.string(),
  image: z.string(),
  bbox: boundingBoxSchema,
  label: z.nullable(z.string()),
  /** The best class's score less that of the class `label` names; null: it names none. Older files lack it. */
  disagreement: z.optional(z.nullable(z.number())),
  detectionScore: z.nullable(z.number()),
  score: z.number(),
  predictedClass: z.string(),
  classScores: z.record(z.string(), z.number()),
  /** The δ the object was held against, that of its predicted class. Files written before there was one a class lack it. */
  threshold: z.optional(z.number()),
  flagged: z.boolean(),
  decision: z.nullable(decisionSchema),
  baselines: baselinesSchema,
});
export type ResultObject = z.infer<typeof resultObjectSchema>;

export const unreadableFileSchema = z.object({ file: z.string(), reason: z.string() });
export type UnreadableFile = z.infer<typeof unreadableFileSchema>;

/** The results file: what `uni-ood scan --output` and *Export…* write as JSON. A change of meaning raises `version`. */
export const resultsSchema = z.object({
  version: z.literal(1),
  generator: z.string(),
  createdAt: z.iso.datetime(),
  dataset: z.object({ images: z.int().check(z.gte(0)) }),
  model: modelIdentitySchema,
  classes: z.array(z.string()).check(z.minLength(1)),
  configuration: scanConfigurationSchema,
  threshold: z.object({
    value: z.number(),
    source: thresholdSourceSchema,
    truePositiveRate: z.nullable(z.number()),
    /** The classes with a δ of their own, and on how many objects it was calibrated. */
    classes: z.optional(z.array(z.object({ class: z.string(), value: z.number(), objects: z.int() }))),
  }),
  images: z.array(z.object({ file: z.string(), width: z.int(), height: z.int(), sha256: z.string() })),
  objects: z.array(resultObjectSchema),
  /** Images that could not be read. */
  unreadable: z.array(unreadableFileSchema),
  /** Annotation files, entries and boxes that could not be used. */
  leftOut: z.array(unreadableFileSchema),
});
export type Results = z.infer<typeof resultsSchema>;

/** One line of the explain file, one object a line. Index 0 of every list is [CLS]; names as in the method. */
export const explanationSchema = z.object({
  id: z.string(),
  image: z.string(),
  bbox: boundingBoxSchema,
  class: z.string(),
  grid: z.tuple([z.int(), z.int()]),
  beta: z.object({ intra: z.array(z.number()), inter: z.nullable(z.array(z.number())) }),
  mu: z.object({ target: z.array(z.number()), background: z.nullable(z.array(z.number())) }),
  omega: z.object({ target: z.array(z.number()), background: z.nullable(z.array(z.number())) }),
  backgroundText: z.record(z.string(), z.number()),
});
export type Explanation = z.infer<typeof explanationSchema>;
