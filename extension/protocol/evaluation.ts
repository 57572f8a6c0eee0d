import * as z from 'zod/mini';
import { combinerIdentitySchema, methodConfigurationSchema } from './methodConfiguration';
import { modelIdentitySchema } from './results';
import { advantageSchema, heldOutFiguresSchema } from './tuning';

const intervalSchema = z.tuple([z.number(), z.number()]);
const spreadSchema = z.object({ mean: z.number(), deviation: z.nullable(z.number()) });

function everyFigure<T extends z.ZodMiniType>(schema: T) {
  return z.object({ auroc: schema, fpr95: schema, auprIn: schema, auprOut: schema });
}

const setComparisonSchema = z.object({
  /** Over seeds where there are several. AUROC: ties counted half. FPR95: ID is positive. */
  figures: everyFigure(spreadSchema),
  /** 95 %, bootstrap over pictures. */
  intervals: everyFigure(intervalSchema),
  /** AUROC less that of the method it is compared with, on the same draws. */
  difference: z.nullable(z.object({ to: z.string(), mean: z.number(), interval: intervalSchema })),
});

const problemSchema = z.object({ file: z.string(), reason: z.string() });

/** What `uni-ood evaluate` writes as JSON. */
export const evaluationReportSchema = z.object({
  version: z.literal(1),
  generator: z.string(),
  createdAt: z.iso.datetime(),
  model: modelIdentitySchema,
  classes: z.array(z.string()),
  /** `annotations`, `image`, `detector`, or the file the boxes came from. */
  boxes: z.string(),
  /** Pixels. */
  minimumSide: z.number(),
  /** Of the detector, set by ID validation; null where boxes were given. */
  detectorThreshold: z.nullable(z.number()),
  configuration: methodConfigurationSchema,
  tuning: z.nullable(
    z.object({
      folder: z.string(),
      shots: z.int(),
      seeds: z.int(),
      /** What each seed came to. */
      runs: z.array(
        z.object({
          seed: z.int(),
          /** The form that served best, in words. */
          form: z.string(),
          /** 0: the form untrained. */
          steps: z.int(),
          /** Whether it was worth using; else the form without a combiner is what is measured. */
          kept: z.boolean(),
          /** On the held-out objects. */
          figures: z.object({ untuned: heldOutFiguresSchema, tuned: heldOutFiguresSchema }),
          advantage: advantageSchema,
        }),
      ),
    }),
  ),
  /** A combiner from a file that was measured as well. */
  combiner: z.nullable(z.extend(combinerIdentitySchema, { file: z.string() })),
  /** Photos of the measured folders that tuning had seen. */
  photosLeftOut: z.int(),
  /** Labels of OOD folders that name a known class. */
  removed: z.array(z.object({ set: z.string(), label: z.string(), objects: z.int(), reason: z.string() })),
  unreadable: z.array(problemSchema),
  problems: z.array(problemSchema),
  comparison: z.object({
    idObjects: z.int(),
    oodSets: z.array(z.object({ name: z.string(), objects: z.int(), pictures: z.int() })),
    methods: z.array(
      z.object({
        method: z.object({
          id: z.string(),
          name: z.string(),
          group: z.enum(['baseline', 'trainingFree', 'tuned', 'ablation']),
        }),
        seeds: z.int(),
        accuracy: z.nullable(spreadSchema),
        sets: z.array(setComparisonSchema),
        average: setComparisonSchema,
      }),
    ),
  }),
});
export type EvaluationReport = z.infer<typeof evaluationReportSchema>;
