import * as z from 'zod/mini';
import { annotationSourceSchema } from './annotationSource';
import { combinerIdentitySchema, methodConfigurationPatchSchema } from './methodConfiguration';
import {
  baselinesSchema,
  boundingBoxSchema,
  decisionSchema,
  modelIdentitySchema,
  thresholdSourceSchema,
  unreadableFileSchema,
  verdictSchema,
} from './results';
import { truePositiveRateSchema } from './truePositiveRate';

/** A scan of a folder: the folder (absolute path) and the scan's id in that folder's store. */
export const scanReferenceSchema = z.object({ folder: z.string(), scanId: z.string() });
export type ScanReference = z.infer<typeof scanReferenceSchema>;

/** The δ of a class apart from the common one: it lies `offset` above that, wherever that is moved. */
export const classThresholdSchema = z.object({
  class: z.string(),
  offset: z.number(),
  /** How many ID calibration objects have this predicted class. */
  objects: z.int(),
});
export type ClassThreshold = z.infer<typeof classThresholdSchema>;

/** One δ a class, as it was calibrated beside the common δ. */
export const perClassThresholdSchema = z.object({
  /** Whether these are in force. */
  chosen: z.boolean(),
  /** The share of ID calibration objects kept by the calibrated δ of their classes. */
  truePositiveRate: z.number(),
  /** One sentence for a person: what they were measured on. */
  origin: z.string(),
  /** The classes with enough calibration objects; all others have the common δ. */
  classes: z.array(classThresholdSchema),
});

/**
 * δ and where it came from. An object is flagged when its score is below `value`, or below the δ of its predicted class
 * where one a class is chosen (`classThresholds.ts`).
 */
export const thresholdSchema = z.object({
  value: z.number(),
  source: thresholdSourceSchema,
  /** The share of ID calibration objects kept at `value`; null when it was not calibrated. */
  truePositiveRate: z.nullable(z.number()),
  /**
   * The rate that δ was calibrated at, or the δ that the person's own stands in front of: the largest that keeps at least this
   * share. Absent where it was not calibrated.
   */
  calibratedAt: z.optional(truePositiveRateSchema),
  /** One sentence for a person: what δ was measured on. */
  origin: z.string(),
  /** Set when δ was not measured for this scan, or on few objects: what that means. */
  warning: z.nullable(z.string()),
  /** Absent where δ was not calibrated. */
  perClass: z.optional(perClassThresholdSchema),
});
export type Threshold = z.infer<typeof thresholdSchema>;

/** What a scan is asked to be, besides its folder and classes. */
export const scanSettingsSchema = z.object({
  /** Bundle id or directory; absent: the embedded bundle. */
  model: z.optional(z.string()),
  /** Detector id or directory; absent: the bundle's own, else the embedded bundle's. */
  detector: z.optional(z.string()),
  /** File of a tuned combiner; absent: the bundle's readout as it is. */
  combiner: z.optional(z.string()),
  /** `detector`, `annotations`, or a file with boxes. */
  boxes: z.string(),
  configuration: z.optional(methodConfigurationPatchSchema),
});
export type ScanSettings = z.infer<typeof scanSettingsSchema>;

export const scanStateSchema = z.enum(['scanning', 'finished', 'stopped']);
export type ScanState = z.infer<typeof scanStateSchema>;

export const scanSummarySchema = z.object({
  reference: scanReferenceSchema,
  state: scanStateSchema,
  createdAt: z.iso.datetime(),
  classes: z.array(z.string()),
  model: modelIdentitySchema,
  /** What it was begun with, so that it can be gone on with, paths absolute; null: stored before that was kept. */
  settings: z.nullable(scanSettingsSchema),
  /** The tuned combiner it was scored with; null: none was tuned. */
  combiner: z.nullable(combinerIdentitySchema),
  /** Where the boxes came from, for a person: "detector", "annotations (COCO, instances.json)", … */
  boxesOrigin: z.string(),
  /** What its boxes or labels come from; null: there are no annotations. */
  annotations: z.nullable(annotationSourceSchema),
  /** Why its last run was computed on the processor and not on the accelerator that was wanted; null: it was not left for it. */
  deviceFallback: z.nullable(z.string()),
  images: z.object({ total: z.int(), done: z.int(), unreadable: z.int() }),
  /** Annotations that could not be used. */
  leftOut: z.int(),
  objects: z.int(),
  flagged: z.int(),
  /** Flagged objects that carry a verdict. */
  reviewedFlagged: z.int(),
  threshold: thresholdSchema,
});
export type ScanSummary = z.infer<typeof scanSummarySchema>;

export const scanProgressSchema = z.object({
  reference: scanReferenceSchema,
  images: z.object({ total: z.int(), done: z.int(), unreadable: z.int() }),
  objects: z.int(),
  flagged: z.int(),
  /** Seconds; null until there is enough to say. */
  secondsLeft: z.nullable(z.number()),
  /** δ, when it was estimated anew. */
  threshold: z.optional(thresholdSchema),
});
export type ScanProgress = z.infer<typeof scanProgressSchema>;

/** Checked in one loop: it takes a tenth of the time, and there are as many as objects. */
const textsSchema = z.custom<string[]>(
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
);

/**
 * Objects as columns, in the order they were scanned; a chunk that follows continues the rows of those before it.
 * Number columns are little-endian typed arrays in base64, since they also travel through JSON.
 */
export const objectColumnsSchema = z.object({
  /** Row number of the first object of this chunk. */
  firstRow: z.int(),
  count: z.int(),
  ids: textsSchema,
  /** File of each object, relative to the folder: `files[fileIndex[row - firstRow]]`. */
  files: textsSchema,
  fileIndex: z.string(), // Uint32
  score: z.string(), // Float32
  predictedClass: z.string(), // Uint16, index into the class list
  detectionScore: z.string(), // Float32, NaN: none
  /** Width times height of the box, in pixels of the upright photo. */
  boxArea: z.string(), // Float32
  mcm: z.string(), // Float32
  maxCosine: z.string(), // Float32
  glMcm: z.string(), // Float32
  runa: z.string(), // Float32
  verdict: z.string(), // Uint8: 0 none, 1 ood, 2 id, 3 ignored
  disagreement: z.string(), // Float32: `labelDisagreement`, NaN: the dataset's label names no class
  annotated: z.string(), // Uint8: 1 where an annotation file holds the object
  /** Classes given by the reviewer, by row number (as text, since JSON keys are text). */
  assignedClass: z.record(z.string(), z.string()),
});
export type ObjectColumns = z.infer<typeof objectColumnsSchema>;

/** What `verdict` holds in `ObjectColumns`, by number. */
export const verdictCodes = [null, 'ood', 'id', 'ignored'] as const;

/** Everything a screen needs to draw a scan's list, histogram and threshold. */
export const scanSnapshotSchema = z.object({
  summary: scanSummarySchema,
  columns: objectColumnsSchema,
  /**
   * Scores of the annotated ID objects δ was calibrated on, less the offset of their class where one δ a class is chosen;
   * empty when there are none. Float32, base64.
   */
  calibrationScores: z.string(),
  unreadable: z.array(unreadableFileSchema),
  leftOut: z.array(unreadableFileSchema),
});
export type ScanSnapshot = z.infer<typeof scanSnapshotSchema>;

/** The four attention and alignment maps, and the two combined weights, for the best class. Index 0 is [CLS], then the grid row by row. */
export const objectMapsSchema = z.object({
  grid: z.tuple([z.int(), z.int()]),
  betaIntra: z.array(z.number()),
  muTarget: z.array(z.number()),
  omegaTarget: z.array(z.number()),
  /** Null when the photo has no background: the object is the whole photo. */
  betaInter: z.nullable(z.array(z.number())),
  /** Null also when the photo has no other object: alignment is not used then. */
  muBackground: z.nullable(z.array(z.number())),
  omegaBackground: z.nullable(z.array(z.number())),
});
export type ObjectMaps = z.infer<typeof objectMapsSchema>;

export const neighbourSchema = z.object({
  id: z.string(),
  bbox: boundingBoxSchema,
  score: z.number(),
  predictedClass: z.string(),
  verdict: z.nullable(verdictSchema),
});

/** A picture file made for the screen, and the pixels of the upright photo it shows. */
export const renditionSchema = z.object({
  /** Absolute path in the engine's messages, an address the webview can load in the screen's. */
  source: z.string(),
  /** The part of the upright photo that is shown. */
  rectangle: boundingBoxSchema,
});

export const objectDetailSchema = z.object({
  id: z.string(),
  file: z.string(),
  /** 1-based position among the photo's objects. */
  ordinal: z.int(),
  bbox: boundingBoxSchema,
  imageSize: z.object({ width: z.int(), height: z.int() }),
  label: z.nullable(z.string()),
  /** Whether an annotation file that can be shown holds it, or an object it was matched with. */
  annotated: z.boolean(),
  detectionScore: z.nullable(z.number()),
  score: z.number(),
  predictedClass: z.string(),
  /** Ω of every class, in the order of the class list. */
  classScores: z.array(z.number()),
  baselines: baselinesSchema,
  decision: z.nullable(decisionSchema),
  maps: objectMapsSchema,
  /** w of every class for the best class, largest first. */
  backgroundText: z.array(z.object({ class: z.string(), weight: z.number(), inPhoto: z.boolean() })),
  /** All objects of the photo, this one among them, in order. */
  objectsInPhoto: z.array(neighbourSchema),
  /** The object as the model saw it (before squashing), null when the photo cannot be read any more. */
  crop: z.nullable(renditionSchema),
  photo: z.nullable(renditionSchema),
  /** Why there are no pictures, or that the photo changed since the scan; null when all is well. */
  photoProblem: z.nullable(z.string()),
});
export type ObjectDetail = z.infer<typeof objectDetailSchema>;

const givenDecisionSchema = z.nullable(z.object({ verdict: verdictSchema, class: z.optional(z.string()) }));

/** A verdict to store; null clears it. */
export const decisionChangeSchema = z.object({
  id: z.string(),
  decision: givenDecisionSchema,
  /**
   * Name of the step of the history that it belongs to: changes of a request that follow each other with the same name, or
   * without any, are undone together. A step that is stored under this name already is not stored again.
   */
  step: z.optional(z.string()),
  /**
   * What the object has to carry for the change to be stored. An object that carries something else by now is passed over.
   * Absent: the change is stored whatever the object carries.
   */
  before: z.optional(givenDecisionSchema),
});
export type DecisionChange = z.infer<typeof decisionChangeSchema>;

/** Verdicts that were given together and are undone together. */
export const verdictStepSchema = z.object({
  /** Made where the verdicts are given, and of no other step. */
  id: z.string(),
  changes: z.array(
    z.object({
      id: z.string(),
      decision: givenDecisionSchema,
      /** What the object carried when the verdict was given. */
      before: givenDecisionSchema,
    }),
  ),
});
export type VerdictStep = z.infer<typeof verdictStepSchema>;

export const historyDirectionSchema = z.enum(['undo', 'redo']);
export type HistoryDirection = z.infer<typeof historyDirectionSchema>;

/** What undo or redo did to the verdicts of a folder. */
export const historyAnswerSchema = z.object({
  summary: scanSummarySchema,
  /** What objects of the scan carry now; empty, with `elsewhere` 0, when there was nothing to undo or redo. */
  changes: z.array(decisionChangeSchema),
  /** How many objects changed that are not in this scan, but in another of the folder. */
  elsewhere: z.int(),
});
export type HistoryAnswer = z.infer<typeof historyAnswerSchema>;
