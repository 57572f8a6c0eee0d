import * as z from 'zod/mini';
import { notification, request } from './contract';
import { methodConfigurationPatchSchema } from './methodConfiguration';
import { fewestShots, tuningStageSchema } from './tuning';

/** The part of the conversation with the engine that is about measuring the method. */

export const evaluationOptionsSchema = z.object({
  /** Folder with labelled objects of the class list. */
  id: z.string(),
  /** Empty: objects of the ID folder whose labels are outside the class list. */
  ood: z.array(z.string()),
  classes: z.array(z.string()),
  /** Bundle id or directory; absent: the embedded bundle. */
  model: z.optional(z.string()),
  /** `annotations`, `image` (every photo is one object), `detector`, or a file or folder with labelled boxes. */
  boxes: z.string(),
  /** Boxes with a shorter side, in pixels, are left out. */
  minimumSide: z.int(),
  /** Tunes on this folder's labels first; null: nothing is tuned. */
  tuning: z.nullable(
    z.object({
      folder: z.string(),
      boxes: z.string(),
      shots: z.int().check(z.gte(fewestShots)),
      seeds: z.int().check(z.gte(1)),
    }),
  ),
  /** A combiner file that is measured as well; null: none. Photos that it was tuned on are left out. */
  combiner: z.nullable(z.string()),
  /** Whether the method is measured without each of its parts as well. */
  ablate: z.boolean(),
  /** Switches in place of the bundle's; a combiner is then tuned in this form alone. */
  configuration: z.nullable(methodConfigurationPatchSchema),
  /** Folder for the report; null: a new one in the state directory of the ID folder. */
  output: z.nullable(z.string()),
});
export type EvaluationOptions = z.infer<typeof evaluationOptionsSchema>;

/** What an evaluation is at. */
export const evaluationStageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loading') }),
  z.object({
    kind: z.literal('tuning'),
    /** 1-based. */
    seed: z.int(),
    seeds: z.int(),
    stage: tuningStageSchema,
  }),
  z.object({ kind: z.literal('measuring'), set: z.string(), photos: z.int(), total: z.int() }),
  z.object({ kind: z.literal('comparing') }),
]);
export type EvaluationStage = z.infer<typeof evaluationStageSchema>;

export const evaluationProgressSchema = z.object({
  stage: evaluationStageSchema,
  /** Of all tuning and measuring, 0 to 1, as far as one can tell; never less than before. */
  share: z.number(),
  /** Of all that is left; null until there is enough to say. */
  secondsLeft: z.nullable(z.number()),
});
export type EvaluationProgress = z.infer<typeof evaluationProgressSchema>;

export const evaluationOutcomeSchema = z.object({
  /** Where the report, its data and its plots are. */
  folder: z.string(),
  /** The Markdown file. */
  report: z.string(),
  /** Averaged over the OOD sets, as shares of 1. */
  methods: z.array(z.object({ name: z.string(), auroc: z.number(), fpr95: z.number() })),
});
export type EvaluationOutcome = z.infer<typeof evaluationOutcomeSchema>;

/** Measures the method beside the usual ones and writes a report; cancel it to stop, no report is written then. */
export const runEvaluation = request('evaluation/run', evaluationOptionsSchema, evaluationOutcomeSchema);
const evaluationProgressMessageSchema = z.object({ id: z.string(), progress: evaluationProgressSchema });
export type EvaluationProgressMessage = z.infer<typeof evaluationProgressMessageSchema>;
/** Of an `evaluation/run` request. */
export const evaluationProgressed = notification('evaluation/progressed', evaluationProgressMessageSchema);
