import type {
  DecisionChange,
  HistoryAnswer,
  HistoryDirection,
  ScanReference,
} from '../../extension/protocol/scan';
import type { Host } from '../messages/host';
import type { ScanStore } from './scan.svelte';

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
  #queue: (DecisionChange | WaitingStep)[] = [];
  #groups = 0;
  #saving = false;

  constructor(scan: ScanStore, host: Host) {
    this.#scan = scan;
    this.#host = host;
  }

  /** Shows verdicts at once and saves them in the background, as one step of the history; null clears one. */
  decide(changes: readonly DecisionChange[]): void {
    const group = this.#groups++;
    this.#scan.decided(changes);
    this.#queue = this.#queue.concat(changes.map((change) => ({ ...change, group })));
    this.#count();
    void this.save();
  }

  /**
   * Undoes the last verdicts of the folder, or does again what was undone last.
   * @param answered called when that is on disk, and just before it is on the screen; not where it failed.
   */
  moveInHistory(direction: HistoryDirection, answered: WaitingStep['answered']): void {
    this.#queue.push({ direction, answered });
    void this.save();
  }

  /** Whether an object of the table carries a verdict. */
  isReviewed(row: number): boolean {
    return this.#scan.table.verdict[row] !== 0;
  }

  /** Verdicts given elsewhere; one that waits here is newer. */
  changed(changes: readonly DecisionChange[]): void {
    const newer = new Set(this.#unsaved.map(({ id }) => id));
    this.#scan.decided(changes.filter(({ id }) => !newer.has(id)));
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

  get #unsaved(): DecisionChange[] {
    return this.#queue.filter((item) => 'id' in item);
  }

  /** Sends the verdicts before the next step through the history. */
  async #send(reference: ScanReference): Promise<boolean> {
    const end = this.#queue.findIndex((item) => 'answered' in item);
    const changes = this.#unsaved.slice(0, end < 0 ? this.#queue.length : end);
    try {
      const summary = await this.#host.saveDecisions(reference, changes);
      if (!this.#scan.isThisScan(reference)) return true;
      this.#scan.summary = summary;
      const sent = new Set<DecisionChange | WaitingStep>(changes);
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
