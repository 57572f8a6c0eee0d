import type {
  DecisionChange,
  HistoryAnswer,
  HistoryDirection,
  ScanReference,
} from '../../extension/protocol/scan';
import type { Host } from '../messages/host';
import type { RowDecision } from '../objects/objectTable';
import type { ScanStore } from './scan.svelte';

/** A verdict on its way, and what the object carried when it was given. */
export interface UnsavedVerdict extends DecisionChange {
  readonly before: RowDecision | null;
}

/** Verdicts that a page leaves behind when it is hidden before they are saved. */
export interface UnsavedVerdicts {
  readonly reference: ScanReference;
  readonly changes: readonly UnsavedVerdict[];
}

/** A step through the history that waits for the verdicts given before it. */
interface WaitingStep {
  readonly direction: HistoryDirection;
  readonly answered: (answer: HistoryAnswer) => void;
}

/**
 * Verdicts on their way to the engine. Owner of what is stored, and of its history: the engine; here wait verdicts it does
 * not have yet, and steps through its history that come after them.
 */
export class VerdictStore {
  /** How many verdicts wait to be saved. */
  waiting = $state(0);
  /** Why the last ones could not be saved, undone or redone. */
  problem = $state<string | null>(null);
  /** An undo or redo was asked for and not answered: what is stored may not be what is shown. */
  unsure = false;
  #scan: ScanStore;
  #host: Host;
  #queue = $state.raw<readonly (UnsavedVerdict | WaitingStep)[]>([]);
  #groups = 0;
  #saving = false;

  constructor(scan: ScanStore, host: Host) {
    this.#scan = scan;
    this.#host = host;
  }

  /** Shows verdicts at once and saves them in the background, as one step of the history; null clears one. */
  decide(changes: readonly DecisionChange[]): void {
    const group = this.#groups++;
    const { table } = this.#scan;
    const waiting = changes.map((change) => {
      return { ...change, group, before: table.decisionOf(table.rowOf(change.id) ?? -1) };
    });
    this.#scan.decided(changes);
    this.#queue = [...this.#queue, ...waiting];
    this.#count();
    void this.save();
  }

  /**
   * Undoes the last verdicts of the folder, or does again what was undone last.
   * @param answered called when that is on disk, and just before it is on the screen; not where it failed.
   */
  moveInHistory(direction: HistoryDirection, answered: WaitingStep['answered']): void {
    this.#queue = [...this.#queue, { direction, answered }];
    void this.save();
  }

  /** Whether an object of the table carries a verdict. */
  isReviewed(row: number): boolean {
    return this.#scan.table.verdict[row] !== 0;
  }

  /** Verdicts given elsewhere; one that waits here is newer. */
  changed(changes: readonly DecisionChange[]): void {
    this.#scan.decided(changes.filter(({ id }) => !this.isWaiting(id)));
  }

  /** What the next page should take up; null: all is saved. */
  get kept(): UnsavedVerdicts | null {
    const { reference } = this.#scan;
    return reference === null || this.#unsaved.length === 0 ? null : { reference, changes: this.#unsaved };
  }

  /**
   * Takes up what an earlier page left behind. Where an object carries something else by now than it did when its verdict was
   * given, that was saved after all, or a newer one was given elsewhere.
   */
  takeUp({ reference, changes }: UnsavedVerdicts): void {
    if (!this.#scan.isThisScan(reference)) return;
    const { table } = this.#scan;
    const carried = new Map<string, RowDecision | null>();
    const lost = changes.filter(({ id, before, decision }) => {
      const row = table.rowOf(id);
      if (row === undefined) return false;
      const now = carried.get(id);
      if (!sameDecision(now === undefined ? table.decisionOf(row) : now, before)) return false;
      carried.set(id, decision);
      return true;
    });
    this.#groups = lost.reduce((most, { group = 0 }) => Math.max(most, group + 1), this.#groups);
    this.#queue = [...lost, ...this.#queue];
    this.#count();
    void this.save();
  }

  /** Paints what still waits over a state that was loaded afresh. */
  repaint(): void {
    if (this.unsure && this.#unsaved.length === 0) this.problem = null;
    this.unsure = false;
    if (this.#unsaved.length > 0) this.#scan.decided(this.#unsaved);
  }

  /** Another scan is on the screen. */
  forget(): void {
    this.#queue = [];
    this.#count();
    this.problem = null;
  }

  /** Saves what waits, in order. Verdicts given meanwhile follow. */
  async save(): Promise<void> {
    const reference = this.#scan.reference;
    if (this.#saving || reference === null || this.#queue.length === 0) return;
    this.#saving = true;
    const [first] = this.#queue;
    const saved = 'answered' in first ? await this.#move(reference, first) : await this.#send(reference);
    this.#saving = false;
    if (saved) await this.save();
  }

  readonly #waitingIds = $derived(new Set(this.#unsaved.map(({ id }) => id)));

  /** The verdict that an object shows is not on the disk yet. */
  isWaiting(id: string): boolean {
    return this.#waitingIds.has(id);
  }

  get #unsaved(): UnsavedVerdict[] {
    return this.#queue.filter((item) => 'id' in item);
  }

  /** Sends the verdicts before the next step through the history. */
  async #send(reference: ScanReference): Promise<boolean> {
    const end = this.#queue.findIndex((item) => 'answered' in item);
    const changes = this.#unsaved.slice(0, end < 0 ? this.#queue.length : end);
    try {
      const summary = await this.#host.saveDecisions(
        reference,
        changes.map(({ id, decision, group }) => ({ id, decision, group })),
      );
      if (!this.#scan.isThisScan(reference)) return true;
      this.#scan.summary = summary;
      const sent = new Set<UnsavedVerdict | WaitingStep>(changes);
      this.#queue = this.#queue.filter((item) => !sent.has(item));
      this.problem = null;
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    } finally {
      this.#count();
    }
  }

  /** Never tried again by itself: it may have been done though its answer is missing. */
  async #move(reference: ScanReference, step: WaitingStep): Promise<boolean> {
    const { direction, answered } = step;
    try {
      const answer = await this.#host.moveInHistory(reference, direction);
      if (!this.#scan.isThisScan(reference)) return true;
      this.#queue = this.#queue.filter((item) => item !== step);
      this.#scan.summary = answer.summary;
      answered(answer);
      this.changed(answer.changes);
      this.problem = null;
      return true;
    } catch (error) {
      this.unsure = true;
      this.#failed(error);
      return false;
    }
  }

  /** Verdicts wait for better times, steps through the history do not. */
  #failed(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
    this.#queue = this.#unsaved;
  }

  #count(): void {
    this.waiting = this.#unsaved.length;
  }
}

const sameDecision = (one: RowDecision | null, other: RowDecision | null): boolean =>
  one?.verdict === other?.verdict && one?.class === other?.class;
