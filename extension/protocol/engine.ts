import * as z from 'zod/mini';
import { scanComparisonSchema } from './comparison';
import { notification, request } from './contract';
import { deviceFallbackSchema, deviceSchema } from './device';
import {
  decisionChangeSchema,
  historyAnswerSchema,
  historyDirectionSchema,
  objectColumnsSchema,
  objectDetailSchema,
  scanProgressSchema,
  scanReferenceSchema,
  scanSettingsSchema,
  scanSnapshotSchema,
  scanSummarySchema,
  thresholdSchema,
} from './scan';
import { truePositiveRateSchema } from './truePositiveRate';

/**
 * The conversation between the extension host and the engine process, whole.
 * Cancelling a request (JSON-RPC cancellation) stops it; what it had finished is kept.
 */

const nothing = z.object({});

/** Whether the engine is there: answered at once unless it is busy with something that lets nothing else in. */
export const ping = request('engine/ping', nothing, nothing);

/** First request after the process starts. `stateDirectory` holds the state of folders that cannot be written to. */
export const initialize = request(
  'engine/initialize',
  z.object({
    stateDirectory: z.string(),
    embeddedBundle: z.string(),
    /** 0: chosen from the machine. */
    threads: z.int(),
    /** Where image towers compute; absent: the processor. */
    device: z.optional(deviceSchema),
    network: z.object({
      /** Address of the hub or a mirror of it, or a folder; empty: what the environment says. */
      source: z.string(),
      /** Address of a proxy; empty: what the environment says. */
      proxy: z.string(),
      strictCertificates: z.boolean(),
    }),
    /** What stored models may take, in bytes; null: as much as the disk holds. */
    modelQuota: z.nullable(z.number()),
  }),
  z.object({ version: z.string(), pid: z.int(), node: z.string() }),
);

/** Each time a model is loaded whose accelerator was left for the processor, whatever it is loaded for. */
export const deviceFellBack = notification('engine/deviceFellBack', deviceFallbackSchema);

export const classListOfferSchema = z.object({
  /** What the person reads: "data.yaml", "3 classes from folder names", "VOC 20". */
  label: z.string(),
  detail: z.string(),
  kind: z.enum(['folder', 'preset']),
  classes: z.array(z.string()),
});
export type ClassListOffer = z.infer<typeof classListOfferSchema>;

/** What a folder says about itself before a scan: images, class lists, annotations. */
export const describeFolder = request(
  'folder/describe',
  z.object({ folder: z.string() }),
  z.object({
    images: z.int(),
    writable: z.boolean(),
    classLists: z.array(classListOfferSchema),
    annotations: z.nullable(z.object({ format: z.string(), source: z.string() })),
    /** Annotation files that cannot be used, and why. */
    problems: z.array(z.object({ file: z.string(), reason: z.string() })),
  }),
);

/** Reads a class list from a preset name, a file or comma-separated names; the error says what is wrong with it. */
export const readClassList = request(
  'folder/readClassList',
  z.object({ folder: z.string(), spec: z.string() }),
  z.object({ classes: z.array(z.string()) }),
);

export const scanOptionsSchema = z.extend(scanSettingsSchema, {
  folder: z.string(),
  classes: z.array(z.string()),
  /** δ from now on; null: back to the calibrated one or the model's; absent: as it is. */
  threshold: z.optional(z.nullable(z.number())),
  /** Whether classes with enough calibration objects have a δ of their own from now on; absent: as it is. */
  thresholdPerClass: z.optional(z.boolean()),
  /** δ is calibrated at this rate from now on, and one that was set by hand is taken back; absent: as it is. */
  truePositiveRate: z.optional(truePositiveRateSchema),
  /** The rate of a scan that is new; absent: `usualTruePositiveRate`. */
  newTruePositiveRate: z.optional(truePositiveRateSchema),
  /** Forget what an earlier scan of the same configuration finished. */
  fresh: z.boolean(),
});
export type ScanOptions = z.infer<typeof scanOptionsSchema>;

/** Scans, or continues an earlier scan of the same configuration. Ends when the scan does; cancel it to stop. */
export const runScan = request('scan/run', scanOptionsSchema, scanSummarySchema);

/** What a `scan/run` request does before its scan starts. */
export const scanPreparing = notification(
  'scan/preparing',
  z.object({ folder: z.string(), what: z.string() }),
);

/** The scan a `scan/run` request is working on, before its first image. */
export const scanStarted = notification('scan/started', scanSummarySchema);
export const scanProgressed = notification('scan/progressed', scanProgressSchema);
/** Objects as they are finished. */
export const objectsAdded = notification(
  'scan/objectsAdded',
  z.object({ reference: scanReferenceSchema, columns: objectColumnsSchema }),
);

/** Scans stored in these folders, newest first; folders without any are passed over. */
export const listScans = request(
  'scan/list',
  z.object({ folders: z.array(z.string()) }),
  z.object({ scans: z.array(scanSummarySchema) }),
);
export const removeScan = request('scan/remove', scanReferenceSchema, nothing);

export const snapshotScan = request('review/snapshot', scanReferenceSchema, scanSnapshotSchema);
/** A scan held against another one of its folder. */
export const compareScans = request(
  'review/compare',
  z.object({ reference: scanReferenceSchema, other: z.string() }),
  scanComparisonSchema,
);
export const describeObject = request(
  'review/object',
  z.object({ reference: scanReferenceSchema, id: z.string() }),
  objectDetailSchema,
);
/** Small square crops as JPEG files; an id whose photo cannot be read gives null. */
export const thumbnails = request(
  'review/thumbnails',
  z.object({ reference: scanReferenceSchema, ids: z.array(z.string()) }),
  z.object({ paths: z.array(z.nullable(z.string())) }),
);
/** Answers only when the verdicts are on disk. */
export const decide = request(
  'review/decide',
  z.object({ reference: scanReferenceSchema, changes: z.array(decisionChangeSchema) }),
  z.object({
    summary: scanSummarySchema,
    /** What objects carry that were passed over, since it is not what the change was given for. */
    newer: z.array(decisionChangeSchema),
    /** Ids of objects that were passed over, since the scan does not hold them any more. */
    gone: z.array(z.string()),
  }),
);
/** Undo and redo of verdicts, one step of the folder's history. Answers only when the outcome is on disk. */
export const moveInHistory = request(
  'review/history',
  z.object({
    reference: scanReferenceSchema,
    direction: historyDirectionSchema,
    /** Name of the step that is undone or redone, which is done only where that one's turn is; absent: whichever it is. */
    step: z.optional(z.string()),
  }),
  historyAnswerSchema,
);
/** null: back to the calibrated δ, or the bundle's. */
export const setThreshold = request(
  'review/setThreshold',
  z.object({ reference: scanReferenceSchema, value: z.nullable(z.number()) }),
  z.object({ threshold: thresholdSchema, summary: scanSummarySchema }),
);

/** Whether classes that were calibrated by themselves are flagged by their own δ. */
export const setThresholdPerClass = request(
  'review/setThresholdPerClass',
  z.object({ reference: scanReferenceSchema, chosen: z.boolean() }),
  z.object({ summary: scanSummarySchema }),
);

/**
 * Calibrates δ of a stored scan anew, at another rate and on the objects it holds; one that was set by hand is taken back.
 * Fails with a sentence, and changes nothing, where the scan was not calibrated.
 */
export const setTruePositiveRate = request(
  'review/setTruePositiveRate',
  z.object({ reference: scanReferenceSchema, rate: truePositiveRateSchema }),
  z.object({ summary: scanSummarySchema }),
);

export const exportSelectionSchema = z.enum(['flagged', 'reviewed', 'all']);
export type ExportSelection = z.infer<typeof exportSelectionSchema>;
export const exportFormatSchema = z.enum(['json', 'coco', 'csv', 'list', 'yolo', 'html']);
export type ExportFormat = z.infer<typeof exportFormatSchema>;
/** Formats that are one text made of the results; YOLO is a folder of them, and the report holds pictures. */
export type TextFormat = Exclude<ExportFormat, 'yolo' | 'html'>;

export const exportScan = request(
  'scan/export',
  z.object({
    reference: scanReferenceSchema,
    format: exportFormatSchema,
    only: exportSelectionSchema,
    /** Absolute path of the file to write, or of the folder. */
    output: z.string(),
  }),
  z.object({ objects: z.int(), output: z.string() }),
);
