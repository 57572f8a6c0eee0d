import * as z from 'zod/mini';
import { notification, request } from './contract';
import {
  decisionChangeSchema,
  objectColumnsSchema,
  objectDetailSchema,
  scanProgressSchema,
  scanReferenceSchema,
  scanSnapshotSchema,
  scanSummarySchema,
  thresholdSchema,
} from './scan';

/**
 * The conversation between the review screen (webview) and the extension host, whole.
 *
 * Who owns what. Engine: scans, scores, δ, verdicts. Host: which scan is shown, which object is focused in both places.
 * Webview: what the person is doing right now (map, opacity, filter text, scroll anchor), kept with `setState`.
 */

const nothing = z.object({});

export const engineStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('starting') }),
  /** `message` is a sentence for the person; `restarting`: the host is starting a new engine by itself. */
  z.object({ kind: z.literal('stopped'), message: z.string(), restarting: z.boolean() }),
]);
export type EngineState = z.infer<typeof engineStateSchema>;

export const placeSchema = z.enum(['sideBar', 'editor']);

/** What is on the screen now. `snapshot` is null when no scan is chosen. */
export const reviewStateSchema = z.object({
  place: placeSchema,
  snapshot: z.nullable(scanSnapshotSchema),
  progress: z.nullable(scanProgressSchema),
  /** Why the scan could not go on when it ran last: a sentence for the person. */
  failure: z.nullable(z.string()),
  focusedId: z.nullable(z.string()),
  engine: engineStateSchema,
});
export type ReviewState = z.infer<typeof reviewStateSchema>;

// The webview asks.
/** First request of a page that has loaded, and again whenever it wants the whole state afresh. */
export const loadReview = request('review/load', nothing, reviewStateSchema);
export const loadObject = request(
  'review/object',
  z.object({ reference: scanReferenceSchema, id: z.string() }),
  objectDetailSchema,
);
export const loadThumbnails = request(
  'review/thumbnails',
  z.object({ reference: scanReferenceSchema, ids: z.array(z.string()) }),
  /** Addresses the page can load; null where there is no picture. */
  z.object({ sources: z.array(z.nullable(z.string())) }),
);
export const saveDecisions = request(
  'review/decide',
  z.object({ reference: scanReferenceSchema, changes: z.array(decisionChangeSchema) }),
  z.object({ summary: scanSummarySchema }),
);
export const saveThreshold = request(
  'review/setThreshold',
  z.object({ reference: scanReferenceSchema, value: z.nullable(z.number()) }),
  z.object({ threshold: thresholdSchema, summary: scanSummarySchema }),
);
/** A quick pick of the class list in VS Code; null when it was left. */
export const pickClass = request(
  'review/pickClass',
  z.object({
    reference: scanReferenceSchema,
    current: z.nullable(z.string()),
    /** How well the object fits each class, in the order of the class list; empty while it is not known. */
    classScores: z.array(z.number()),
  }),
  z.object({ class: z.nullable(z.string()) }),
);
export const focusObject = notification('review/focus', z.object({ id: z.nullable(z.string()) }));
/** The extension's commands that the screen has a button for. */
export const hostCommandSchema = z.enum([
  'scanFolder',
  'exportResults',
  'openReviewInEditor',
  'restartEngine',
  'showLog',
  'cancelScan',
  'resumeScan',
]);
export type HostCommand = z.infer<typeof hostCommandSchema>;
export const runCommand = request('review/command', z.object({ command: hostCommandSchema }), nothing);
export const openPhoto = request(
  'review/openPhoto',
  z.object({ reference: scanReferenceSchema, file: z.string() }),
  nothing,
);

// The host tells. A hidden page gets none of these and loads afresh when it is shown.
export const reviewReplaced = notification('review/replaced', reviewStateSchema);
export const reviewObjectsAdded = notification(
  'review/objectsAdded',
  z.object({ reference: scanReferenceSchema, columns: objectColumnsSchema }),
);
export const reviewProgressed = notification(
  'review/progressed',
  z.object({
    progress: z.nullable(scanProgressSchema),
    summary: z.nullable(scanSummarySchema),
    failure: z.nullable(z.string()),
  }),
);
export const reviewThresholdChanged = notification(
  'review/thresholdChanged',
  z.object({ reference: scanReferenceSchema, threshold: thresholdSchema }),
);
export const reviewDecisionsChanged = notification(
  'review/decisionsChanged',
  z.object({ reference: scanReferenceSchema, changes: z.array(decisionChangeSchema) }),
);
export const reviewFocusChanged = notification('review/focusChanged', z.object({ id: z.string() }));
export const engineStateChanged = notification('review/engineState', engineStateSchema);
