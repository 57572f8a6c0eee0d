import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  Emitter,
  type Disposable,
  type Message,
} from 'vscode-jsonrpc/browser';
import { connect, type TypedConnection } from '../../extension/messaging/typedConnection';
import * as review from '../../extension/protocol/review';
import type { ReportHead } from '../../extension/protocol/report';
import type { ScanSummary, Threshold } from '../../extension/protocol/scan';
import type { VsCodeApi } from '../messages/vscodeApi';
import { verdictTerms } from '../objects/filterTerms';
import { firstView, type SavedView } from '../state/savedView';
import { dispatchKeys } from './pageKeys';
import type { ReportData } from './reportData';

/**
 * The other end of the screen's conversation in a report: answers what the extension host answers, from the page's own data.
 * Verdicts are refused; δ moves while the page is open, and no further.
 */
export function reportApi(data: ReportData): VsCodeApi {
  const fromScreen = new Emitter<Message>();
  const typed = connect(createMessageConnection(new Reader(fromScreen), new Writer()), (connection) =>
    answer(connection, data),
  );
  dispatchKeys((action) => typed.notify(review.reviewAct, { action }));
  return {
    postMessage: (message) => {
      fromScreen.fire(structuredClone(message) as Message);
    },
    getState: () => (history.state as unknown) ?? firstLook(data.head.only),
    setState: (state) => {
      history.replaceState(structuredClone(state), '');
    },
  };
}

/** A report of reviewed objects begins with these: it has pictures of no others. */
function firstLook(only: ReportHead['only']): SavedView {
  if (only !== 'reviewed') return firstView;
  const terms = verdictTerms.filter((term) => term !== 'unreviewed').map((term) => `verdict:${term}`);
  return { ...firstView, shown: 'all', text: terms.join(' ') };
}

const readOnly = 'This report is read-only. Nothing was changed.';

function answer(typed: TypedConnection, data: ReportData): void {
  const { snapshot } = data.head;
  let summary = withoutChoice(snapshot.summary);
  let leftOutDismissed = false;
  const refuse = (): never => {
    throw new Error(readOnly);
  };
  const state = (): review.ReviewState => ({
    place: 'report',
    snapshot: { ...snapshot, summary },
    comparison: null,
    progress: null,
    failure: null,
    focusedId: null,
    changedSince: [],
    unsaved: [],
    saveProblem: null,
    leftOutDismissed,
    engine: { kind: 'running' },
    preferences: { autoAdvance: 'off' },
  });
  typed.onRequest(review.loadReview, state);
  typed.onRequest(review.loadObject, ({ id }) => data.detail(id));
  typed.onRequest(review.loadThumbnails, ({ ids }) => ({ sources: ids.map((id) => data.thumbnail(id)) }));
  typed.onRequest(review.saveThreshold, ({ value }) => {
    const { threshold } = withoutChoice(snapshot.summary);
    summary = { ...summary, threshold: value === null ? threshold : moved(threshold, value) };
    return { threshold: summary.threshold, summary };
  });
  typed.onRequest(review.loadLikeness, () => data.head.likeness);
  typed.onRequest(review.giveVerdicts, refuse);
  typed.onNotification(review.saveAgain, () => undefined);
  typed.onRequest(review.moveInHistory, refuse);
  typed.onRequest(review.saveThresholdPerClass, refuse);
  typed.onRequest(review.saveTruePositiveRate, refuse);
  typed.onRequest(review.setAutoAdvance, refuse);
  typed.onRequest(review.runCommand, refuse);
  typed.onRequest(review.dismissLeftOut, () => {
    leftOutDismissed = true;
    return {};
  });
  typed.onRequest(review.openPhoto, refuse);
  typed.onRequest(review.revealFile, refuse);
  typed.onNotification(review.keyboardChanged, () => undefined);
  typed.onNotification(review.focusObject, () => undefined);
}

/** Whether classes have a δ of their own stays as it was when the report was made. */
function withoutChoice(summary: ScanSummary): ScanSummary {
  const { perClass, ...threshold } = summary.threshold;
  return perClass?.chosen ? summary : { ...summary, threshold };
}

function moved(threshold: Threshold, value: number): Threshold {
  return {
    ...threshold,
    value,
    source: 'user',
    truePositiveRate: null,
    origin: 'Moved in this report; it is not saved.',
    warning: null,
  };
}

class Reader extends AbstractMessageReader {
  readonly #messages: Emitter<Message>;

  constructor(messages: Emitter<Message>) {
    super();
    this.#messages = messages;
  }

  listen(callback: (message: Message) => void): Disposable {
    return this.#messages.event(callback);
  }
}

/** What the host says reaches the screen as it does from VS Code: as a message of the window. */
class Writer extends AbstractMessageWriter {
  write(message: Message): Promise<void> {
    window.dispatchEvent(new MessageEvent('message', { data: structuredClone(message) }));
    return Promise.resolve();
  }

  end(): void {
    // Nothing is held open.
  }
}
