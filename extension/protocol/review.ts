import * as z from 'zod/mini';
import { scanComparisonSchema } from './comparison';
import { notification, request } from './contract';
import { likenessSchema } from './likeness';
import { reviewActionNames } from './reviewActions';
import {
  decisionChangeSchema,
  historyAnswerSchema,
  historyDirectionSchema,
  objectColumnsSchema,
  objectDetailSchema,
  scanProgressSchema,
  scanReferenceSchema,
  scanSnapshotSchema,
  scanSummarySchema,
  thresholdSchema,
  verdictStepSchema,
} from './scan';
import { truePositiveRateSchema } from './truePositiveRate';

/**
 * The conversation between the review screen (webview) and the extension host, whole.
 *
 * Who owns what. Engine: scans, scores, δ, verdicts and their history. Host: verdicts that the engine has not stored yet,
 * which scan is shown and which one it is compared with, which object is focused in both places, of which scans what was left
 * out is put away.
 * VS Code's settings: preferences. Webview: what the person is doing right now (map, opacity, filter text, selection, scroll anchor),
 * kept with `setState`.
 */

const nothing = z.object({});

export const engineStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('starting') }),
  /** It runs and does not answer. `message` is a sentence for the person. */
  z.object({ kind: z.literal('slow'), message: z.string() }),
  /** `message` is a sentence for the person; `restarting`: the host is starting a new engine by itself. */
  z.object({ kind: z.literal('stopped'), message: z.string(), restarting: z.boolean() }),
]);
export type EngineState = z.infer<typeof engineStateSchema>;

/** `report`: a page of its own, outside of VS Code, in which nothing can be changed. */
export const placeSchema = z.enum(['sideBar', 'editor', 'report']);

/** Where a verdict leads: to the next unreviewed object, to the next one, or nowhere. */
export const autoAdvanceSchema = z.enum(['unreviewed', 'next', 'off']);
export type AutoAdvance = z.infer<typeof autoAdvanceSchema>;

/** What the person set in VS Code's settings for this screen. */
export const preferencesSchema = z.object({ autoAdvance: autoAdvanceSchema });
export type Preferences = z.infer<typeof preferencesSchema>;

/** What is on the screen now. `snapshot` is null when no scan is chosen. */
export const reviewStateSchema = z.object({
  place: placeSchema,
  snapshot: z.nullable(scanSnapshotSchema),
  /** The scan held against another one of its folder; null: it is looked at alone. */
  comparison: z.nullable(scanComparisonSchema),
  progress: z.nullable(scanProgressSchema),
  /** Why the scan could not go on when it ran last: a sentence for the person. */
  failure: z.nullable(z.string()),
  focusedId: z.nullable(z.string()),
  /** What came to the disk while the snapshot was made, which may be older. */
  changedSince: z.array(decisionChangeSchema),
  /** Verdicts of the scan that are not on disk yet, in the order in which they were given. */
  unsaved: z.array(verdictStepSchema),
  /** Why these could not be saved: a sentence for the person; null: they are on their way, or there are none. */
  saveProblem: z.nullable(z.string()),
  /** The person put away what tells that the scan left something out. */
  leftOutDismissed: z.boolean(),
  engine: engineStateSchema,
  preferences: preferencesSchema,
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
/** Which objects look alike: asked for when the list is grouped by it. */
export const loadLikeness = request(
  'review/likeness',
  z.object({ reference: scanReferenceSchema }),
  likenessSchema,
);
/** Answers when the host holds the verdicts, which then outlive the page; that they are on disk is told by `reviewDecisionsChanged`. */
export const giveVerdicts = request(
  'review/decide',
  z.object({ reference: scanReferenceSchema, step: verdictStepSchema }),
  nothing,
);
/** Tries again what could not be saved. */
export const saveAgain = notification('review/saveAgain', nothing);
/** Comes after all verdicts given before. Answers only when the outcome is on disk. */
export const moveInHistory = request(
  'review/history',
  z.object({ reference: scanReferenceSchema, direction: historyDirectionSchema }),
  historyAnswerSchema,
);
export const saveThreshold = request(
  'review/setThreshold',
  z.object({ reference: scanReferenceSchema, value: z.nullable(z.number()) }),
  z.object({ threshold: thresholdSchema, summary: scanSummarySchema }),
);
/** Whether classes that were calibrated by themselves are flagged by their own δ. Every page is then told the scan anew. */
export const saveThresholdPerClass = request(
  'review/setThresholdPerClass',
  z.object({ reference: scanReferenceSchema, chosen: z.boolean() }),
  nothing,
);
/** Calibrates δ anew at another rate; one that was set by hand is taken back. Every page is then told the scan anew. */
export const saveTruePositiveRate = request(
  'review/setTruePositiveRate',
  z.object({ reference: scanReferenceSchema, rate: truePositiveRateSchema }),
  nothing,
);
export const setAutoAdvance = request(
  'review/setAutoAdvance',
  z.object({ autoAdvance: autoAdvanceSchema }),
  nothing,
);
/** Whether keys go to this page, and whether the person types text in it: VS Code's keybindings of the review ask for both. */
export const keyboardChanged = notification(
  'review/keyboard',
  z.object({ focused: z.boolean(), typing: z.boolean() }),
);
export const focusObject = notification('review/focus', z.object({ id: z.nullable(z.string()) }));
/** The extension's commands that the screen has a button for. */
export const hostCommandSchema = z.enum([
  'scanFolder',
  'exportResults',
  'goToAnnotation',
  'openReviewInEditor',
  'restartEngine',
  'showLog',
  'pauseScan',
  'rescan',
  'resumeScan',
  'changeReviewKeys',
  'compareScans',
  'swapComparison',
  'leaveComparison',
]);
export type HostCommand = z.infer<typeof hostCommandSchema>;
export const runCommand = request('review/command', z.object({ command: hostCommandSchema }), nothing);
/** Puts away, for this scan, what tells that it left something out. */
export const dismissLeftOut = request(
  'review/dismissLeftOut',
  z.object({ reference: scanReferenceSchema }),
  nothing,
);
export const openPhoto = request(
  'review/openPhoto',
  z.object({ reference: scanReferenceSchema, file: z.string() }),
  nothing,
);

/** Shows a file of the scanned folder in the Explorer. */
export const revealFile = request(
  'review/revealFile',
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
/** Verdicts came to the disk, from whichever page they were given. */
export const reviewDecisionsChanged = notification(
  'review/decisionsChanged',
  z.object({
    reference: scanReferenceSchema,
    changes: z.array(decisionChangeSchema),
    summary: scanSummarySchema,
    /** Steps that wait no longer. */
    saved: z.array(z.string()),
  }),
);
/** What waits could not be saved; `problem` is a sentence for the person. */
export const reviewSaveFailed = notification(
  'review/saveFailed',
  z.object({ reference: scanReferenceSchema, problem: z.string() }),
);
/** A key of the review, or its command. */
export const reviewAct = notification('review/act', z.object({ action: z.enum(reviewActionNames) }));
export const preferencesChanged = notification('review/preferences', preferencesSchema);
/** Put away in another page. */
export const leftOutDismissed = notification(
  'review/leftOutDismissed',
  z.object({ reference: scanReferenceSchema }),
);
export const reviewFocusChanged = notification('review/focusChanged', z.object({ id: z.string() }));
export const engineStateChanged = notification('review/engineState', engineStateSchema);
