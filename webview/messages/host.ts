import { connect, type TypedConnection } from '../../extension/messaging/typedConnection';
import type { Likeness } from '../../extension/protocol/likeness';
import * as contracts from '../../extension/protocol/review';
import type {
  AutoAdvance,
  EngineState,
  HostCommand,
  Preferences,
  ReviewState,
} from '../../extension/protocol/review';
import type { ReviewActionName } from '../../extension/protocol/reviewActions';
import type {
  DecisionChange,
  HistoryAnswer,
  HistoryDirection,
  ObjectColumns,
  ObjectDetail,
  ScanProgress,
  ScanReference,
  ScanSummary,
  Threshold,
  VerdictStep,
} from '../../extension/protocol/scan';
import type { VsCodeApi } from './vscodeApi';
import { webviewConnection } from './webviewConnection';

/** What the screen asks of the extension host. Every promise rejects with a sentence for the person. */
export interface Host {
  loadReview(): Promise<ReviewState>;
  loadObject(reference: ScanReference, id: string, signal: AbortSignal): Promise<ObjectDetail>;
  loadThumbnails(reference: ScanReference, ids: string[], signal: AbortSignal): Promise<(string | null)[]>;
  /** Which objects look alike; takes seconds for a large scan. */
  loadLikeness(reference: ScanReference): Promise<Likeness>;
  /** Resolves when the host holds the verdicts; that they are on disk is told by `decisionsChanged`. */
  giveVerdicts(reference: ScanReference, step: VerdictStep): Promise<void>;
  /** Tries again what could not be saved. */
  saveAgain(): void;
  moveInHistory(reference: ScanReference, direction: HistoryDirection): Promise<HistoryAnswer>;
  /** `value` null: back to the calibrated δ. */
  saveThreshold(
    reference: ScanReference,
    value: number | null,
  ): Promise<{ threshold: Threshold; summary: ScanSummary }>;
  /** Whether classes that were calibrated by themselves are flagged by their own δ; the whole scan is then told anew. */
  saveThresholdPerClass(reference: ScanReference, chosen: boolean): Promise<void>;
  /** Calibrates δ anew to keep another share, in (0, 1], of the calibration objects; the whole scan is then told anew. */
  saveTruePositiveRate(reference: ScanReference, rate: number): Promise<void>;
  setAutoAdvance(autoAdvance: AutoAdvance): void;
  keyboardChanged(state: { focused: boolean; typing: boolean }): void;
  focusObject(id: string | null): void;
  runCommand(command: HostCommand): void;
  /** Puts away, for this scan, what tells that it left something out. */
  dismissLeftOut(reference: ScanReference): void;
  openPhoto(reference: ScanReference, file: string): void;
  /** Shows a file of the scanned folder where VS Code lists files. */
  revealFile(reference: ScanReference, file: string): void;
}

/** What the host tells the screen unasked. */
export interface HostListener {
  replaced(state: ReviewState): void;
  objectsAdded(reference: ScanReference, columns: ObjectColumns): void;
  progressed(progress: ScanProgress | null, summary: ScanSummary | null, failure: string | null): void;
  thresholdChanged(reference: ScanReference, threshold: Threshold): void;
  /** Verdicts came to the disk, from whichever page they were given; `saved`: steps that wait no longer. */
  decisionsChanged(
    reference: ScanReference,
    changes: DecisionChange[],
    summary: ScanSummary,
    saved: readonly string[],
  ): void;
  /** What waits could not be saved. */
  saveFailed(reference: ScanReference, problem: string): void;
  focusChanged(id: string): void;
  /** What tells that the scan left something out was put away in another page. */
  leftOutDismissed(reference: ScanReference): void;
  engineChanged(state: EngineState): void;
  /** A key of the review was pressed, or its command run. */
  act(action: ReviewActionName): void;
  preferencesChanged(preferences: Preferences): void;
}

/** Opens the conversation with the extension host; `listener` hears from the first message on. */
export function connectHost(api: VsCodeApi, page: Window, listener: HostListener): Host {
  const typed = connect(webviewConnection(api, page), (connection) => listen(connection, listener));
  return {
    loadReview: () => typed.request(contracts.loadReview, {}),
    loadObject: (reference, id, signal) => typed.request(contracts.loadObject, { reference, id }, signal),
    loadThumbnails: async (reference, ids, signal) =>
      (await typed.request(contracts.loadThumbnails, { reference, ids }, signal)).sources,
    loadLikeness: (reference) => typed.request(contracts.loadLikeness, { reference }),
    giveVerdicts: async (reference, step) => {
      await typed.request(contracts.giveVerdicts, { reference, step });
    },
    saveAgain: () => typed.notify(contracts.saveAgain, {}),
    moveInHistory: (reference, direction) => typed.request(contracts.moveInHistory, { reference, direction }),
    saveThreshold: (reference, value) => typed.request(contracts.saveThreshold, { reference, value }),
    saveThresholdPerClass: async (reference, chosen) => {
      await typed.request(contracts.saveThresholdPerClass, { reference, chosen });
    },
    saveTruePositiveRate: async (reference, rate) => {
      await typed.request(contracts.saveTruePositiveRate, { reference, rate });
    },
    setAutoAdvance: (autoAdvance) =>
      void typed.request(contracts.setAutoAdvance, { autoAdvance }).catch(() => undefined),
    keyboardChanged: (state) => typed.notify(contracts.keyboardChanged, state),
    focusObject: (id) => typed.notify(contracts.focusObject, { id }),
    // The host shows what went wrong with a command itself.
    runCommand: (command) => void typed.request(contracts.runCommand, { command }).catch(() => undefined),
    dismissLeftOut: (reference) =>
      void typed.request(contracts.dismissLeftOut, { reference }).catch(() => undefined),
    openPhoto: (reference, file) =>
      void typed.request(contracts.openPhoto, { reference, file }).catch(() => undefined),
    revealFile: (reference, file) =>
      void typed.request(contracts.revealFile, { reference, file }).catch(() => undefined),
  };
}

function listen(connection: TypedConnection, listener: HostListener): void {
  connection.onNotification(contracts.reviewReplaced, (state) => listener.replaced(state));
  connection.onNotification(contracts.reviewObjectsAdded, ({ reference, columns }) =>
    listener.objectsAdded(reference, columns),
  );
  connection.onNotification(contracts.reviewProgressed, ({ progress, summary, failure }) =>
    listener.progressed(progress, summary, failure),
  );
  connection.onNotification(contracts.reviewThresholdChanged, ({ reference, threshold }) =>
    listener.thresholdChanged(reference, threshold),
  );
  connection.onNotification(contracts.reviewDecisionsChanged, ({ reference, changes, summary, saved }) =>
    listener.decisionsChanged(reference, changes, summary, saved),
  );
  connection.onNotification(contracts.reviewSaveFailed, ({ reference, problem }) =>
    listener.saveFailed(reference, problem),
  );
  connection.onNotification(contracts.reviewFocusChanged, ({ id }) => listener.focusChanged(id));
  connection.onNotification(contracts.leftOutDismissed, ({ reference }) =>
    listener.leftOutDismissed(reference),
  );
  connection.onNotification(contracts.reviewAct, ({ action }) => listener.act(action));
  connection.onNotification(contracts.preferencesChanged, (preferences) =>
    listener.preferencesChanged(preferences),
  );
  connection.onNotification(contracts.engineStateChanged, (state) => listener.engineChanged(state));
}
