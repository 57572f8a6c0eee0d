import { randomUUID } from 'node:crypto';
import { Emitter } from 'vscode-jsonrpc';
import { decide, listScans, moveInHistory } from '../../protocol/engine';
import type {
  DecisionChange,
  HistoryAnswer,
  HistoryDirection,
  ScanReference,
  ScanSummary,
  VerdictStep,
} from '../../protocol/scan';
import { EngineStoppedError, type EngineClient } from '../engineProcess/engineClient';
import type { JournalEntry, VerdictJournal } from './verdictJournal';

/** Verdicts that came to the disk, by being given, undone or redone. */
export interface StoredVerdicts {
  readonly reference: ScanReference;
  readonly changes: DecisionChange[];
  readonly summary: ScanSummary;
  /** Steps that wait no longer. */
  readonly saved: string[];
}

interface WaitingVerdicts {
  readonly kind: 'verdicts';
  readonly reference: ScanReference;
  readonly step: VerdictStep;
  /** An earlier window left it behind: it may have been stored, and objects may carry something newer. */
  readonly isLeftBehind: boolean;
}

interface WaitingMove {
  readonly kind: 'move';
  readonly id: string;
  readonly reference: ScanReference;
  readonly direction: HistoryDirection;
  /** The waiting step that it undoes or redoes; null: one that was stored before. */
  readonly step: string | null;
  readonly answered: (answer: HistoryAnswer) => void;
  readonly refused: (error: unknown) => void;
  /** It may have been done though its answer is missing: only where its step's turn is it is done. */
  isUnsure: boolean;
}

/** What waits of one folder, since its verdicts have one history. */
interface Line {
  waiting: (WaitingVerdicts | WaitingMove)[];
  problem: string | null;
  isSaving: boolean;
}

/**
 * Verdicts on their way to the engine, and steps through its history that come after them, in the order in which they were
 * given. They outlive pages here, and the window in a journal. Every step has a name that the engine knows it by, so that it
 * is asked again, and by the next window, until it has answered, and stores it once.
 */
export class VerdictQueue {
  private readonly stored = new Emitter<StoredVerdicts>();
  private readonly failed = new Emitter<{ reference: ScanReference; problem: string }>();
  private readonly passedOver = new Emitter<number>();
  readonly onDidStore = this.stored.event;
  /** What waits could not be saved, with a sentence for the person. */
  readonly onDidFail = this.failed.event;
  /** So many verdicts wait no longer and are not stored, since the scan does not hold their objects any more. */
  readonly onDidPassOver = this.passedOver.event;
  private readonly lines = new Map<string, Line>();
  private takenUp: Promise<void>;
  private isRestored = false;
  private isDisposed = false;

  constructor(
    private readonly engine: Pick<EngineClient, 'request' | 'state' | 'onDidChangeState'>,
    private readonly journal: VerdictJournal,
  ) {
    this.takenUp = this.takeUp();
    engine.onDidChangeState(({ kind }) => {
      if (kind === 'running') this.saveAll();
    });
  }

  /** Verdicts of a scan that are not on disk yet. Resolves when those of windows that are gone are among them. */
  async unsaved(reference: ScanReference): Promise<{ steps: VerdictStep[]; problem: string | null }> {
    await this.takenUp;
    const { waiting, problem } = this.line(reference.folder);
    const steps = waiting.flatMap((item) =>
      item.kind === 'verdicts' && item.reference.scanId === reference.scanId ? [item.step] : [],
    );
    return { steps, problem: steps.length > 0 ? problem : null };
  }

  /** Takes verdicts that were given together; that they are on disk is told by `onDidStore`. */
  give(reference: ScanReference, step: VerdictStep): void {
    this.journal.add({ kind: 'verdicts', reference, step });
    this.line(reference.folder).waiting.push({ kind: 'verdicts', reference, step, isLeftBehind: false });
    void this.save(reference.folder);
  }

  /**
   * Undoes the last verdicts of the folder, or does again what was undone last, after all that was given before. Resolves when
   * that is on disk.
   */
  move(reference: ScanReference, direction: HistoryDirection): Promise<HistoryAnswer> {
    const line = this.line(reference.folder);
    const step = nextStep(line.waiting, direction);
    const id = randomUUID();
    if (step !== null) this.journal.add({ kind: 'move', reference, id, direction, step });
    return new Promise((answered, refused) => {
      line.waiting.push({ kind: 'move', id, reference, direction, step, answered, refused, isUnsure: false });
      void this.save(reference.folder);
    });
  }

  /** Tries again what could not be saved. */
  saveAll(): void {
    // A window may have closed since, or while this one opened.
    this.takenUp = this.takenUp.then(() => this.takeUp());
    void this.takenUp.then(() => {
      for (const folder of this.lines.keys()) void this.save(folder);
    });
  }

  /** The scan was removed: what waits of it has nowhere to go, and is told as passed over. */
  forget(reference: ScanReference): void {
    const line = this.line(reference.folder);
    const gone = line.waiting.filter((item) => item.reference.scanId === reference.scanId);
    this.remove(line, gone);
    for (const item of gone) if (item.kind === 'move') item.refused(new Error('The scan was removed.'));
    const verdicts = gone.flatMap((item) => (item.kind === 'verdicts' ? item.step.changes : []));
    if (verdicts.length > 0) this.passedOver.fire(verdicts.length);
  }

  /** Saves nothing more; what waits is in the journal when it resolves. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    await this.journal.release();
    this.stored.dispose();
    this.failed.dispose();
    this.passedOver.dispose();
  }

  private line(folder: string): Line {
    const known = this.lines.get(folder);
    if (known) return known;
    const line: Line = { waiting: [], problem: null, isSaving: false };
    this.lines.set(folder, line);
    return line;
  }

  /**
   * What windows left behind that are gone joins the lines: at first before what was given here already, for the engine was
   * asked nothing yet; later after it, since a step through the history that waits has nothing to do with it.
   */
  private async takeUp(): Promise<void> {
    if (this.isDisposed) return;
    const entries = await this.journal.takeUp();
    const { isRestored } = this;
    this.isRestored = true;
    for (const folder of new Set(entries.map(({ reference }) => reference.folder))) {
      const line = this.line(folder);
      const left = entries.filter(({ reference }) => reference.folder === folder).map(leftBehind);
      line.waiting = isRestored ? [...line.waiting, ...left] : [...left, ...line.waiting];
      if (this.engine.state.kind === 'running') void this.save(folder);
    }
  }

  private async save(folder: string): Promise<void> {
    const line = this.line(folder);
    if (line.isSaving) return;
    line.isSaving = true;
    await this.takenUp;
    let tried: ScanReference | undefined;
    try {
      while (line.waiting.length > 0 && !this.isDisposed) {
        const [first] = line.waiting;
        tried = first.reference;
        if (first.kind === 'move') await this.saveMove(line, first);
        else await this.saveVerdicts(line, first);
      }
      line.problem = null;
    } catch (error) {
      if (this.isDisposed || !tried) return;
      line.problem = error instanceof Error ? error.message : String(error);
      this.failed.fire({ reference: tried, problem: line.problem });
    } finally {
      line.isSaving = false;
    }
  }

  /** Saves the verdicts before the next step through the history. */
  private async saveVerdicts(line: Line, first: WaitingVerdicts): Promise<void> {
    const { reference } = first;
    const end = line.waiting.findIndex(
      (item) => item.kind === 'move' || item.reference.scanId !== reference.scanId,
    );
    const sent = line.waiting.slice(0, end < 0 ? undefined : end).filter((item) => item.kind === 'verdicts');
    const request = { reference, changes: sent.flatMap(changesOf) };
    const answer = await this.untilAnswered(() => this.engine.request(decide, request)).catch(
      async (error: unknown) => {
        if (error instanceof EngineStoppedError || (await this.isStored(reference))) throw error;
        return null;
      },
    );
    if (answer === null) return this.forget(reference);
    const { summary, newer, gone } = answer;
    this.remove(line, sent);
    const changes = request.changes
      .filter(({ id }) => !gone.includes(id))
      .map(({ id, decision }) => ({ id, decision }));
    this.stored.fire({
      reference,
      changes: [...changes, ...newer],
      summary,
      saved: sent.map(({ step }) => step.id),
    });
    if (gone.length > 0) this.passedOver.fire(gone.length);
  }

  private async saveMove(line: Line, move: WaitingMove): Promise<void> {
    const { reference, direction, step } = move;
    let answer: HistoryAnswer;
    try {
      answer = await this.untilAnswered(() => {
        const only = move.isUnsure && step !== null ? step : undefined;
        const asked = this.engine.request(moveInHistory, { reference, direction, step: only });
        move.isUnsure = true;
        return asked;
      }, step !== null);
    } catch (error) {
      // It waits with what was given before; one that nothing names is not asked for twice.
      if (error instanceof EngineStoppedError && step !== null) throw error;
      this.remove(line, [move]);
      move.refused(error);
      return;
    }
    this.remove(line, [move]);
    move.answered(answer);
    // Whoever asked for it learns of it first.
    setImmediate(() => {
      this.stored.fire({ reference, changes: answer.changes, summary: answer.summary, saved: [] });
    });
  }

  /** Asks each new engine again. */
  private async untilAnswered<Answer>(ask: () => Promise<Answer>, isNamed = true): Promise<Answer> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const isAskedAgain = isNamed && error instanceof EngineStoppedError && error.restarting;
        if (!isAskedAgain || this.isDisposed) throw error;
      }
    }
  }

  /** False where the folder has scans, and this one is none of them any more. */
  private async isStored({ folder, scanId }: ScanReference): Promise<boolean> {
    const { scans } = await this.untilAnswered(() => this.engine.request(listScans, { folders: [folder] }));
    return scans.length === 0 || scans.some(({ reference }) => reference.scanId === scanId);
  }

  private remove(line: Line, items: readonly (WaitingVerdicts | WaitingMove)[]): void {
    if (items.length === 0) return;
    const gone = new Set(items);
    line.waiting = line.waiting.filter((item) => !gone.has(item));
    this.journal.remove(items.map((item) => (item.kind === 'move' ? item.id : item.step.id)));
  }
}

function leftBehind(entry: JournalEntry): WaitingVerdicts | WaitingMove {
  if (entry.kind === 'verdicts') return { ...entry, isLeftBehind: true };
  return { ...entry, isUnsure: true, answered: () => undefined, refused: () => undefined };
}

const changesOf = ({ step, isLeftBehind }: WaitingVerdicts): DecisionChange[] =>
  step.changes.map(({ id, decision, before }) => ({
    ...{ id, decision, step: step.id },
    ...(isLeftBehind ? { before } : {}),
  }));

/** The waiting step that is undone or redone next; null: it is one that was stored before, or there is none. */
function nextStep(
  waiting: readonly (WaitingVerdicts | WaitingMove)[],
  direction: HistoryDirection,
): string | null {
  const done: string[] = [];
  let undone: string[] = [];
  for (const item of waiting) {
    if (item.kind === 'verdicts') {
      done.push(item.step.id);
      undone = [];
    } else {
      const [from, to] = item.direction === 'undo' ? [done, undone] : [undone, done];
      const moved = from.pop();
      if (moved !== undefined) to.push(moved);
    }
  }
  return (direction === 'undo' ? done : undone).at(-1) ?? null;
}
