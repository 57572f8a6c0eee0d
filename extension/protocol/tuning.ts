import * as z from 'zod/mini';
import { notification, request } from './contract';

/** The part of the conversation with the engine that is about few-shot tuning and the combiners it makes. */

/** How well scores tell apart what was kept aside. */
export const heldOutFiguresSchema = z.object({
  /** Share of the ID objects whose best class is their own. */
  accuracy: z.number(),
  /** AUROC of ID objects against what should score low. */
  separation: z.number(),
  /** What should score low: objects labelled outside the class list, or the ID objects with their own class left out. */
  against: z.enum(['outside', 'ownClassLeftOut']),
});
export type HeldOutFigures = z.infer<typeof heldOutFiguresSchema>;

/** What tuning gains in AUROC on held-out objects that did not take part in choosing, over many halvings of their photos. */
export const advantageSchema = z.object({
  mean: z.number(),
  /** Central 90 % of the halvings. */
  range: z.tuple([z.number(), z.number()]),
  /** Share of the halvings in which the tuned score is ahead. */
  lead: z.number(),
});
export type Advantage = z.infer<typeof advantageSchema>;

/** A tuning is used where it leads in so many of the halvings. */
export const leadAskedFor = 0.9;

/** One look at the held-out objects. */
export const curvePointSchema = z.object({
  step: z.int(),
  /** Mean over the steps since the last look; null before the first. */
  loss: z.nullable(z.number()),
  /** By the form of the score that is best at this look. */
  heldOut: heldOutFiguresSchema,
});
export type CurvePoint = z.infer<typeof curvePointSchema>;

/** The looks of one form of the method that a combiner was tuned in. */
export const tuningCurveSchema = z.object({ form: z.string(), points: z.array(curvePointSchema) });
export type TuningCurve = z.infer<typeof tuningCurveSchema>;

/** Where the labels of a tuning run come from; one of both at least. Where both say something of an object, the verdict counts. */
export const labelSourceSchema = z.object({
  /** `annotations`, or a file or folder with labelled boxes; null: none. */
  boxes: z.nullable(z.string()),
  /** Verdicts of a stored scan of the folder; null: none. */
  reviewed: z.nullable(z.object({ scanId: z.string() })),
});
export type LabelSource = z.infer<typeof labelSourceSchema>;

/** Of each class: one to tune on and one to judge by. */
export const fewestShots = 2;
/** Labelled objects a class that the paper tunes on. */
export const paperShots = 10;
/** Those it tunes on for ImageNet. */
export const imageNetShots = 16;
/** Classes from which a list counts as one like ImageNet's. */
const manyClasses = 1000;

/** Labelled objects a class that are tuned on unless another number is given. */
export const usualShots = (classes: number): number => (classes >= manyClasses ? imageNetShots : paperShots);

export const tuningOptionsSchema = z.object({
  folder: z.string(),
  classes: z.array(z.string()),
  /** Bundle id or directory; absent: the embedded bundle. */
  model: z.optional(z.string()),
  labels: labelSourceSchema,
  /** Labelled objects a class. */
  shots: z.int().check(z.gte(fewestShots)),
  seed: z.int(),
  /** The combiner file; null: a new one in the folder's state directory. */
  output: z.nullable(z.string()),
});
export type TuningOptions = z.infer<typeof tuningOptionsSchema>;

const classCountSchema = z.object({ class: z.string(), objects: z.int() });

/** What tuning is at. */
export const tuningStageSchema = z.discriminatedUnion('kind', [
  /** What was found, before any work. */
  z.object({
    kind: z.literal('counted'),
    objects: z.int(),
    classes: z.int(),
    heldOut: z.int(),
    outside: z.int(),
    /** Classes with fewer labelled objects than asked for. */
    tooFew: z.array(classCountSchema),
  }),
  z.object({ kind: z.literal('passing'), objects: z.int(), total: z.int() }),
  /** Tuning in one of the forms of the method that are tried. */
  z.object({
    kind: z.literal('stepping'),
    form: z.string(),
    /** 1-based. */
    formNumber: z.int(),
    forms: z.int(),
    step: z.int(),
    /** The most there can be; held-out objects mostly end tuning before. */
    steps: z.int(),
    loss: z.nullable(z.number()),
    separation: z.number(),
  }),
]);
export type TuningStage = z.infer<typeof tuningStageSchema>;

export const tuningProgressSchema = z.object({
  stage: tuningStageSchema,
  /** Of the work, 0 to 1, as far as one can tell. */
  share: z.number(),
  /** Of passing objects, then of tuning, at most; null until there is enough to say. */
  secondsLeft: z.nullable(z.number()),
});
export type TuningProgress = z.infer<typeof tuningProgressSchema>;

/** What a combiner was tuned on, in numbers; its file also names the folder and the pictures. */
export const tunedOnSchema = z.object({
  /** Wanted a class, and the objects that were there. */
  shots: z.int(),
  objects: z.int(),
  heldOut: z.int(),
  outside: z.int(),
  seed: z.int(),
  steps: z.int(),
});

export const tuningOutcomeSchema = z.object({
  /** Whether it leads the model's readout without a combiner in `leadAskedFor` of the halvings; only then is it written. */
  worthUsing: z.boolean(),
  advantage: advantageSchema,
  /** The combiner file; null: none was written, and what was there before is untouched. */
  combiner: z.nullable(z.string()),
  /** A Markdown file with the figures and the loss curve, its plot beside it. */
  report: z.string(),
  figures: z.object({ untuned: heldOutFiguresSchema, tuned: heldOutFiguresSchema }),
  tunedOn: tunedOnSchema,
  /** The form that served best, in words. */
  form: z.string(),
  curves: z.array(tuningCurveSchema),
  tooFew: z.array(classCountSchema),
});
export type TuningOutcome = z.infer<typeof tuningOutcomeSchema>;

/** Tunes a combiner; cancel it to stop, nothing is written then. */
export const runTuning = request('tuning/run', tuningOptionsSchema, tuningOutcomeSchema);
const tuningProgressMessageSchema = z.object({ folder: z.string(), progress: tuningProgressSchema });
export type TuningProgressMessage = z.infer<typeof tuningProgressMessageSchema>;
/** Of a `tuning/run` request. */
export const tuningProgressed = notification('tuning/progressed', tuningProgressMessageSchema);

/** What the verdicts of a scan could be tuned on. */
export const reviewedLabelsSchema = z.object({
  scanId: z.string(),
  classes: z.array(z.string()),
  /** Objects that were said to be in distribution, by class; classes without any are left out. */
  identified: z.array(classCountSchema),
  /** Objects that were said to be out of distribution. */
  outside: z.int(),
});
export type ReviewedLabels = z.infer<typeof reviewedLabelsSchema>;

/** The verdicts of a scan, or of the folder's last scan that has any *in distribution*; null: there is none. */
export const findReviewed = request(
  'tuning/reviewed',
  z.object({ folder: z.string(), scanId: z.nullable(z.string()) }),
  z.object({ reviewed: z.nullable(reviewedLabelsSchema) }),
);

export const combinerListingSchema = z.object({
  path: z.string(),
  /** Of the whole file, as scans record it. */
  sha256: z.string(),
  /** The report of its tuning, where it still lies beside it. */
  report: z.nullable(z.string()),
  createdAt: z.string(),
  /** Name of the folder it was tuned on. */
  folder: z.string(),
  classes: z.array(z.string()),
  objects: z.int(),
  bundle: z.object({ id: z.string(), version: z.string() }),
  figures: z.object({ untuned: heldOutFiguresSchema, tuned: heldOutFiguresSchema }),
  /** Why it cannot be used with the model asked about, in a sentence; null when it can. */
  refusal: z.nullable(z.string()),
});
export type CombinerListing = z.infer<typeof combinerListingSchema>;

/**
 * The combiners that were tuned on these folders, and those in these files, newest first.
 * A file that is no combiner stands among `damaged` with the reason in a sentence.
 */
export const listCombiners = request(
  'combiners/list',
  z.object({ folders: z.array(z.string()), files: z.array(z.string()), model: z.optional(z.string()) }),
  z.object({
    combiners: z.array(combinerListingSchema),
    damaged: z.array(z.object({ path: z.string(), reason: z.string() })),
  }),
);
