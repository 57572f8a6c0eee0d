/// <reference lib="dom" />
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  Emitter,
  type Message,
} from 'vscode-jsonrpc/browser';
import { connect, type TypedConnection } from '../../../extension/messaging/typedConnection';
import { isFlagged, thresholdsByClass } from '../../../extension/protocol/classThresholds';
import { encodeColumn } from '../../../extension/protocol/columns';
import type { ScanComparison } from '../../../extension/protocol/comparison';
import * as contracts from '../../../extension/protocol/review';
import type { EngineState, Preferences, ReviewState } from '../../../extension/protocol/review';
import type { ReviewActionName } from '../../../extension/protocol/reviewActions';
import type {
  DecisionChange,
  ScanProgress,
  ScanSummary,
  Threshold,
  VerdictStep,
} from '../../../extension/protocol/scan';
import { dispatchKeys, type Keybinding } from './keybindings';
import { inventedComparison } from './inventedComparison';
import { InventedHistory } from './inventedHistory';
import { classes, InventedScan, reference, type InventedScanOptions } from './inventedScan';

/** What the page of a test asks for, written into it by the test server. */
export interface FakeHostOptions extends InventedScanOptions {
  readonly place: ReviewState['place'];
  readonly screen:
    'review' | 'empty' | 'scanning' | 'stopped' | 'engineStopped' | 'nothingFlagged' | 'noImages';
  readonly state: unknown;
  /** The scan is compared with another one. */
  readonly compared: boolean;
  readonly preferences: Preferences;
  /** What was left out was put away before. */
  readonly leftOutDismissed?: boolean;
  /** Verdicts that an earlier page gave, and why they could not be saved. */
  readonly unsaved?: readonly VerdictStep[];
  readonly savingFails?: string | null;
  /** The scan was made before likeness was stored. */
  readonly withoutLikeness?: boolean;
  /** Those of package.json. */
  readonly keybindings: readonly Keybinding[];
}

/** What a test can see and do from outside, as `window.fakeHost`. */
export interface FakeHostControls {
  /** On the disk, each with the name of its step. */
  readonly decisions: DecisionChange[];
  /** What the host holds and could not save. */
  readonly unsaved: VerdictStep[];
  readonly thresholds: (number | null)[];
  /** True-positive rates that were chosen. */
  readonly rates: number[];
  readonly commands: string[];
  readonly focused: (string | null)[];
  /** Scans of which the page put away what was left out. */
  readonly dismissed: string[];
  /** Files the page asked to be shown in the Explorer. */
  readonly revealed: string[];
  readonly thumbnailBatches: string[][];
  readonly violations: string[];
  readonly state: { current: unknown };
  /** Whether keys go to the page and text is typed in it, as it told last. */
  readonly keyboard: { focused: boolean; typing: boolean };
  /** Runs a command of the review, as the command palette does. */
  act(action: ReviewActionName): void;
  /** Set to make saving, undoing and redoing verdicts fail with this sentence. */
  savingFails: string | null;
  /** Set to make comparing objects fail with this sentence. */
  comparingFails: string | null;
  /** How often objects were compared. */
  comparisons: number;
  addObjects(count: number): void;
  /** How many objects the host counts as flagged. */
  flagged(): number;
  setEngine(state: EngineState): void;
  finishScan(): void;
  /** Ends the running scan before all is done: with a sentence, or stopped by the person. */
  endScan(failure: string | null): void;
}

declare global {
  interface Window {
    fakeHost: FakeHostControls;
    acquireVsCodeApi: () => {
      postMessage(message: unknown): void;
      getState(): unknown;
      setState(state: unknown): void;
    };
  }
}

const options = JSON.parse(document.documentElement.dataset['options'] ?? '{}') as FakeHostOptions;
const fromPage = new Emitter<Message>();

class PageReader extends AbstractMessageReader {
  listen(callback: (message: Message) => void) {
    return fromPage.event(callback);
  }
}
class PageWriter extends AbstractMessageWriter {
  write(message: Message): Promise<void> {
    // Messages to a webview are copied, never shared.
    window.postMessage(structuredClone(message), '*');
    return Promise.resolve();
  }
  end(): void {
    // Nothing is held open.
  }
}

const scan = new InventedScan(options.screen === 'noImages' ? { ...options, objects: 0 } : options);
const history = new InventedHistory(scan);
let runs = options.screen === 'scanning';
let known = runs || options.screen === 'stopped' ? Math.floor(scan.scores.length / 2) : scan.scores.length;
let engine: EngineState =
  options.screen === 'engineStopped'
    ? {
        kind: 'stopped',
        message:
          'The engine stopped while reading trips/palace/view_0877.jpg. Everything finished so far is saved.',
        restarting: false,
      }
    : { kind: 'running' };
let threshold: Threshold = scan.calibratedThreshold();
if (options.screen === 'nothingFlagged') threshold = { ...threshold, value: -0.1, source: 'user' };

const controls: FakeHostControls = {
  decisions: [],
  unsaved: [...(options.unsaved ?? [])],
  thresholds: [],
  rates: [],
  commands: [],
  focused: [],
  dismissed: [],
  revealed: [],
  thumbnailBatches: [],
  violations: [],
  state: { current: options.state ?? undefined },
  keyboard: { focused: false, typing: false },
  act: (action) => typed.notify(contracts.reviewAct, { action }),
  savingFails: options.savingFails ?? null,
  comparingFails: null,
  comparisons: 0,
  addObjects(count) {
    const end = Math.min(scan.scores.length, known + count);
    typed.notify(contracts.reviewObjectsAdded, { reference, columns: scan.columns(known, end) });
    known = end;
    typed.notify(contracts.reviewProgressed, { progress: progress(), summary: null, failure: null });
  },
  flagged: () => flagged(),
  setEngine(state) {
    engine = state;
    typed.notify(contracts.engineStateChanged, state);
  },
  finishScan() {
    known = scan.scores.length;
    controls.endScan(null);
  },
  endScan(failure) {
    runs = false;
    typed.notify(contracts.reviewProgressed, { progress: null, summary: summary(), failure });
  },
};
window.fakeHost = controls;
let comparing = options.compared;
let preferences = options.preferences;
dispatchKeys(
  options.keybindings,
  () => controls.keyboard,
  (action) => controls.act(action),
);
document.addEventListener('securitypolicyviolation', (event) =>
  controls.violations.push(
    `${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
  ),
);
window.acquireVsCodeApi = () => ({
  postMessage: (message) => {
    const copy = structuredClone(message) as Message;
    setTimeout(() => {
      fromPage.fire(copy);
    });
  },
  getState: () => controls.state.current,
  setState: (state) => {
    controls.state.current = structuredClone(state);
  },
});

const typed: TypedConnection = connect(
  createMessageConnection(new PageReader(), new PageWriter()),
  (connection) => {
    connection.onRequest(contracts.loadReview, () => reviewState());
    connection.onRequest(contracts.loadObject, ({ id }) => scan.detail(rowOf(id)));
    connection.onRequest(contracts.loadThumbnails, ({ ids }) => {
      controls.thumbnailBatches.push(ids);
      return { sources: ids.map((id) => scan.thumbnail(rowOf(id))) };
    });
    connection.onRequest(contracts.loadLikeness, () => {
      if (controls.comparingFails !== null) throw new Error(controls.comparingFails);
      controls.comparisons++;
      if (options.withoutLikeness) return { compared: 0, groups: encodeColumn(new Uint32Array(known)) };
      return { compared: known, groups: encodeColumn(scan.alike(known)) };
    });
    connection.onRequest(contracts.giveVerdicts, ({ step }) => {
      controls.unsaved.push(step);
      save();
      return {};
    });
    connection.onNotification(contracts.saveAgain, () => save());
    connection.onRequest(contracts.moveInHistory, ({ direction }) => {
      if (controls.savingFails !== null) throw new Error(controls.savingFails);
      const changes = history.move(direction);
      // All places are told, once the one that asked has its answer.
      setTimeout(() =>
        typed.notify(contracts.reviewDecisionsChanged, { reference, changes, summary: summary(), saved: [] }),
      );
      return { changes, elsewhere: 0, summary: summary() };
    });
    connection.onRequest(contracts.saveThreshold, ({ value }) => {
      controls.thresholds.push(value);
      const { perClass, calibratedAt } = threshold;
      const calibrated = scan.calibratedThreshold(calibratedAt);
      threshold =
        value === null
          ? { ...calibrated, perClass }
          : { ...calibrated, perClass, value, source: 'user', origin: 'Set by you.', warning: null };
      return { threshold, summary: summary() };
    });
    connection.onRequest(contracts.saveThresholdPerClass, ({ chosen }) => {
      const { perClass } = threshold;
      if (perClass) threshold = { ...threshold, perClass: { ...perClass, chosen } };
      typed.notify(contracts.reviewReplaced, reviewState());
      return {};
    });
    connection.onRequest(contracts.saveTruePositiveRate, ({ rate }) => {
      if (controls.savingFails !== null) throw new Error(controls.savingFails);
      controls.rates.push(rate);
      const { perClass } = threshold;
      threshold = { ...scan.calibratedThreshold(rate), perClass };
      typed.notify(contracts.reviewReplaced, reviewState());
      return {};
    });
    connection.onRequest(contracts.setAutoAdvance, ({ autoAdvance }) => {
      preferences = { autoAdvance };
      return {};
    });
    connection.onNotification(
      contracts.keyboardChanged,
      (keyboard) => void Object.assign(controls.keyboard, keyboard),
    );
    connection.onRequest(contracts.runCommand, ({ command }) => {
      controls.commands.push(command);
      if (command === 'leaveComparison') {
        comparing = false;
        typed.notify(contracts.reviewReplaced, reviewState());
      }
      return {};
    });
    connection.onRequest(contracts.dismissLeftOut, ({ reference: { scanId } }) => {
      controls.dismissed.push(scanId);
      return {};
    });
    connection.onRequest(contracts.openPhoto, () => ({}));
    connection.onRequest(contracts.revealFile, ({ file }) => {
      controls.revealed.push(file);
      return {};
    });
    connection.onNotification(contracts.focusObject, ({ id }) => void controls.focused.push(id));
  },
);

function save(): void {
  if (controls.savingFails !== null) {
    typed.notify(contracts.reviewSaveFailed, { reference, problem: controls.savingFails });
    return;
  }
  const steps = controls.unsaved.splice(0);
  for (const step of steps) history.decide(step);
  const changes = steps.flatMap(({ id: step, changes }) =>
    changes.map(({ id, decision }) => ({ id, decision, step })),
  );
  controls.decisions.push(...changes);
  const saved = steps.map(({ id }) => id);
  typed.notify(contracts.reviewDecisionsChanged, { reference, changes, summary: summary(), saved });
}

function reviewState(): ReviewState {
  if (options.screen === 'empty')
    return {
      place: options.place,
      snapshot: null,
      comparison: null,
      progress: null,
      failure: null,
      focusedId: null,
      ...saving(),
      leftOutDismissed: options.leftOutDismissed ?? false,
      engine,
      preferences,
    };
  const snapshot = scan.snapshot(known);
  return {
    place: options.place,
    snapshot: { ...snapshot, summary: summary() },
    comparison: comparing ? comparison(known) : null,
    progress: runs ? progress() : null,
    failure: null,
    focusedId: null,
    ...saving(),
    leftOutDismissed: options.leftOutDismissed ?? false,
    engine,
    preferences,
  };
}

function saving(): Pick<ReviewState, 'changedSince' | 'unsaved' | 'saveProblem'> {
  const { unsaved, savingFails } = controls;
  return { changedSince: [], unsaved, saveProblem: unsaved.length > 0 ? savingFails : null };
}

function summary(): ScanSummary {
  const state = runs ? 'scanning' : known < scan.scores.length ? 'stopped' : 'finished';
  return { ...scan.summary(known), state, flagged: flagged(), threshold };
}

function comparison(count: number): ScanComparison {
  const names = Array.from({ length: count }, (_, row) => scan.className(row));
  return inventedComparison(summary(), scan.scores.subarray(0, count), names);
}

function progress(): ScanProgress {
  const total = Math.ceil(scan.scores.length / 5);
  return {
    reference,
    images: { total, done: Math.ceil(known / 5), unreadable: 0 },
    objects: known,
    flagged: flagged(),
    secondsLeft: 372,
  };
}

function flagged(): number {
  const thresholds = thresholdsByClass(threshold, classes);
  return scan.scores
    .subarray(0, known)
    .filter((score, row) => isFlagged(score, thresholds[classes.indexOf(scan.className(row))])).length;
}

function rowOf(id: string): number {
  return Number(id.replace('object-', ''));
}
