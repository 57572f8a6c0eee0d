import * as z from 'zod/mini';
import type { MethodConfiguration } from '../pipeline/configuration';
import { promptSetNames } from '../pipeline/promptSets';

const share = z.number().check(z.gte(0), z.lte(1));

export const scoreFormSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('max') }),
  z.strictObject({ kind: z.literal('softmax'), temperature: z.number().check(z.positive()) }),
]);

const readoutSwitches = {
  tokenMap: z.boolean(),
  clsShare: share,
  backgroundGain: z.number().check(z.gte(0)),
  centreBackground: z.boolean(),
  genericCombiner: z.boolean(),
  scoreForm: scoreFormSchema,
};

export const readoutConfigurationSchema = z.strictObject({
  ...readoutSwitches,
  // Scans that were stored before a model brought one.
  genericCombiner: z._default(readoutSwitches.genericCombiner, false),
});

const promptTemplate = z
  .string()
  .check(z.refine((text) => text.split('{}').length === 2, 'a prompt needs exactly one {}'));

/** A set of templates by its name. */
export const promptSetSchema = z.enum(promptSetNames);
export type PromptSetName = z.infer<typeof promptSetSchema>;

/** Other names by class. */
export const classAliasesSchema = z.record(
  z.string(),
  z.array(z.string().check(z.refine((name) => name.trim() !== '', 'an alias may not be empty'))),
);

const backgroundViewSchema = z.enum(['masked', 'shared']);

/** Every switch of the method; `pipeline/configuration.ts` says what each one means. */
export const methodConfigurationSchema: z.ZodMiniType<MethodConfiguration> = z.strictObject({
  intraImageAttention: z.boolean(),
  interImageAttention: z.boolean(),
  targetAlignment: z.boolean(),
  backgroundAlignment: z.boolean(),
  backgroundBranch: z.boolean(),
  backgroundText: z.enum(['interText', 'joinedPrompt', 'average']),
  convolutions: z.boolean(),
  readout: readoutConfigurationSchema,
  views: z.strictObject({
    boxMargin: share,
    // Scans that were stored before there was a choice.
    background: z._default(backgroundViewSchema, 'masked'),
  }),
  prompts: z.array(promptTemplate).check(z.minLength(1)),
  // Scans that were stored before there were any.
  aliases: z._default(classAliasesSchema, {}),
});

/** What `--config` accepts: any of the switches; the bundle's own values stand for the rest. */
export const methodConfigurationPatchSchema = z.strictObject({
  intraImageAttention: z.optional(z.boolean()),
  interImageAttention: z.optional(z.boolean()),
  targetAlignment: z.optional(z.boolean()),
  backgroundAlignment: z.optional(z.boolean()),
  backgroundBranch: z.optional(z.boolean()),
  backgroundText: z.optional(z.enum(['interText', 'joinedPrompt', 'average'])),
  convolutions: z.optional(z.boolean()),
  readout: z.optional(z.partial(z.strictObject(readoutSwitches))),
  views: z.optional(
    z.strictObject({ boxMargin: z.optional(share), background: z.optional(backgroundViewSchema) }),
  ),
  /** Templates, or the name of a set of them. */
  prompts: z.optional(z.union([promptSetSchema, z.array(promptTemplate).check(z.minLength(1))])),
  aliases: z.optional(classAliasesSchema),
});
export type MethodConfigurationPatch = z.infer<typeof methodConfigurationPatchSchema>;

/** How objects are boxed; the bundle carries the defaults measured for its detector. */
export const detectionConfigurationSchema = z.strictObject({
  /** Detections below this score are dropped. */
  scoreThreshold: share,
  /** Of two boxes with a larger intersection over union than this, the one with the lower score is dropped. */
  overlapThreshold: share,
  /** At most so many objects an image, highest scores first. */
  maximumObjects: z.int().check(z.positive()),
  /** Boxes with a side shorter than this, in pixels of the upright image, are dropped. */
  minimumSide: z.number().check(z.gte(1)),
});
export type DetectionConfiguration = z.infer<typeof detectionConfigurationSchema>;

/** A tuned combiner as a scan records it: the hash of its file, and what it was tuned on. */
export const combinerIdentitySchema = z.object({ sha256: z.string(), folder: z.string(), objects: z.int() });
export type CombinerIdentity = z.infer<typeof combinerIdentitySchema>;

/** Everything a score depends on besides the image and the model; recorded with every result. */
export const scanConfigurationSchema = z.strictObject({
  method: methodConfigurationSchema,
  detection: detectionConfigurationSchema,
  /** `detector`, `annotations`, or the SHA-256 of the file the boxes came from. */
  boxes: z.string(),
  /** The detector that drew the boxes; null where they were given. */
  detector: z.optional(z.nullable(z.object({ id: z.string(), version: z.string(), sha256: z.string() }))),
  /** The tuned combiner, where one was used. */
  combiner: z.optional(combinerIdentitySchema),
});
export type ScanConfiguration = z.infer<typeof scanConfigurationSchema>;
