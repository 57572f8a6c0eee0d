import * as z from 'zod/mini';
import { detectionConfigurationSchema, scoreFormSchema } from '../protocol/methodConfiguration';

const sha256Schema = z
  .string()
  .check(z.regex(/^[0-9a-f]{64}$/, 'a SHA-256 in 64 lower-case hexadecimal digits'));

/** A file name inside the bundle's folder; it may not lead outside. */
const fileNameSchema = z.string().check(
  z.minLength(1),
  z.refine(
    (name) => !name.startsWith('/') && !/^[a-z]:/i.test(name) && !name.split(/[\\/]/).includes('..'),
    'a path inside the bundle',
  ),
);

export const bundleFileSchema = z.object({
  file: fileNameSchema,
  size: z.int().check(z.positive()),
  sha256: sha256Schema,
});
export type BundleFile = z.infer<typeof bundleFileSchema>;

const triple = z.tuple([z.number(), z.number(), z.number()]);

export const centerNetFactsSchema = z.object({
  kind: z.literal('centerNet'),
  /** Side of the square input in pixels, a multiple of 32. */
  inputSize: z.int().check(z.positive()),
  /** What was chosen by measuring this detector on photos. */
  defaults: detectionConfigurationSchema,
});

/** How a bundle's pooled tokens become a score, and where that was found. Tensors are in the safetensors file, when there is one. */
export const readoutManifestSchema = z.object({
  /** `tokenMap` [Dv, Dv], `tokenMapOffset` [Dv], `meanBackground` [Dv]; absent: identity and zero. */
  tensors: z.optional(bundleFileSchema),
  clsShare: z.number().check(z.gte(0), z.lte(1)),
  backgroundGain: z.number().check(z.gte(0)),
  scoreForm: scoreFormSchema,
  boxMargin: z.number().check(z.gte(0), z.lte(1)),
  prompts: z.array(z.string()).check(z.minLength(1)),
  /** What it was fitted on; absent: not fitted, the paper's literal form. */
  fittedOn: z.optional(z.object({ objects: z.int(), images: z.int(), boxes: z.string(), note: z.string() })),
});
export type ReadoutManifest = z.infer<typeof readoutManifestSchema>;

/** `bundle.json`: the files of a model bundle and what they need. Layers, heads and grid are read from the graphs. */
export const bundleManifestSchema = z.object({
  format: z.literal(1),
  id: z.string().check(z.minLength(1)),
  version: z.string().check(z.minLength(1)),
  vision: z.extend(bundleFileSchema, { imageSize: z.int().check(z.positive()), mean: triple, std: triple }),
  text: z.extend(bundleFileSchema, { contextLength: z.int().check(z.gte(3)) }),
  tokenizer: bundleFileSchema,
  prompt: z.string(),
  detector: z.optional(z.extend(bundleFileSchema, centerNetFactsSchema.shape)),
  readout: readoutManifestSchema,
  threshold: z.optional(
    z.object({ value: z.number(), truePositiveRate: z.nullable(z.number()), measuredOn: z.string() }),
  ),
  licence: z.string(),
  source: z.string(),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

export const manifestFileName = 'bundle.json';
