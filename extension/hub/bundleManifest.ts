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

/** An ONNX file. */
const modelFileSchema = z.extend(bundleFileSchema, {
  /** Files beside it that hold weights of it; absent: it holds all. */
  weights: z.optional(z.array(bundleFileSchema)),
});
export type BundleModelFile = z.infer<typeof modelFileSchema>;

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** What every detector says of itself: side of the square input in pixels, and what was found by measuring it on photos. */
const detectorFacts = {
  inputSize: z.int().check(z.positive()),
  defaults: detectionConfigurationSchema,
};

export const detectorSchema = z.discriminatedUnion('kind', [
  z.extend(modelFileSchema, { kind: z.literal('centerNet'), ...detectorFacts }),
  z.extend(modelFileSchema, { kind: z.literal('yolox'), ...detectorFacts }),
  z.extend(modelFileSchema, {
    kind: z.literal('owl'),
    ...detectorFacts,
    /** OWLv2 pads a photo to a square at the bottom and right; OWL-ViT squashes it. */
    resize: z.enum(['padToSquare', 'squash']),
    /** In [0, 1]: 0.5 in transformers up to 4, 0 from 5 on. */
    padValue: z.number(),
    mean: triple,
    std: triple,
    /** The most tokens of a query. */
    queryLength: z.int().check(z.gte(3)),
    tokenizer: bundleFileSchema,
  }),
]);
export type DetectorDescription = z.infer<typeof detectorSchema>;

/** `detector.json`: a detector that goes with any towers. */
export const detectorManifestSchema = z.object({
  format: z.literal(1),
  id: z.string().check(z.minLength(1)),
  version: z.string().check(z.minLength(1)),
  detector: detectorSchema,
  licence: z.string(),
  source: z.string(),
});
export type DetectorManifest = z.infer<typeof detectorManifestSchema>;

export const detectorManifestName = 'detector.json';

/** How a bundle's pooled tokens become a score, and where that was found. Tensors are in the safetensors file, when there is one. */
export const readoutManifestSchema = z.object({
  /** `tokenMap` [Dv, Dv], `tokenMapOffset` [Dv], `meanBackground` [Dv]; absent: identity and zero. */
  tensors: z.optional(bundleFileSchema),
  /** Whether pooled tokens go through the token map; absent: where there are tensors. */
  tokenMap: z.optional(z.boolean()),
  /** A combiner that knows no class list, both branches' tensors as in a tuned combiner's file; absent: none. */
  genericCombiner: z.optional(
    z.extend(bundleFileSchema, {
      /** Whether scans use it; tuning may begin from it either way. */
      inScans: z.boolean(),
    }),
  ),
  clsShare: z.number().check(z.gte(0), z.lte(1)),
  backgroundGain: z.number().check(z.gte(0)),
  scoreForm: scoreFormSchema,
  boxMargin: z.number().check(z.gte(0), z.lte(1)),
  prompts: z.array(z.string()).check(z.minLength(1)),
  /** What it was fitted on; absent: not fitted, the paper's literal form. */
  fittedOn: z.optional(
    z.object({
      objects: z.int(),
      images: z.int(),
      boxes: z.string(),
      note: z.string(),
      /** Whether the form of the score is still to be chosen on labels; absent: no. */
      formIsOpen: z.optional(z.boolean()),
    }),
  ),
});
export type ReadoutManifest = z.infer<typeof readoutManifestSchema>;

/** `bundle.json`: the files of a model bundle and what they need. Layers, heads and grid are read from the graphs. */
export const bundleManifestSchema = z.object({
  format: z.literal(1),
  id: z.string().check(z.minLength(1)),
  version: z.string().check(z.minLength(1)),
  vision: z.extend(modelFileSchema, { imageSize: z.int().check(z.positive()), mean: triple, std: triple }),
  text: z.extend(modelFileSchema, { contextLength: z.int().check(z.gte(3)) }),
  tokenizer: bundleFileSchema,
  prompt: z.string(),
  detector: z.optional(detectorSchema),
  readout: readoutManifestSchema,
  threshold: z.optional(
    z.object({
      value: z.number(),
      truePositiveRate: z.nullable(z.number()),
      measuredOn: z.string(),
      /** The class list it was measured with; absent: it says nothing of others. */
      classes: z.optional(z.array(z.string())),
    }),
  ),
  licence: z.string(),
  source: z.string(),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

export const manifestFileName = 'bundle.json';

/** Every file a bundle names. */
export function bundleFiles({ vision, text, tokenizer, detector, readout }: BundleManifest): BundleFile[] {
  return [
    ...modelFiles(vision),
    ...modelFiles(text),
    tokenizer,
    ...(detector ? detectorFiles(detector) : []),
    ...(readout.tensors ? [readout.tensors] : []),
    ...(readout.genericCombiner ? [readout.genericCombiner] : []),
  ];
}

/** Every file a detector names. */
export function detectorFiles(detector: DetectorDescription): BundleFile[] {
  return [...modelFiles(detector), ...(detector.kind === 'owl' ? [detector.tokenizer] : [])];
}

/** Bytes of a model, wherever its weights lie. */
export function modelSize(model: BundleModelFile): number {
  return modelFiles(model).reduce((sum, { size }) => sum + size, 0);
}

/** A model's file and those that hold weights of it. */
export function modelFiles(model: BundleModelFile): BundleFile[] {
  return [model, ...(model.weights ?? [])];
}
