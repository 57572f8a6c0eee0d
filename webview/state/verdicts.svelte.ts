import type {
  DecisionChange,
  HistoryAnswer,
  HistoryDirection,
  ScanReference,
  ScanSummary,
  VerdictStep,
} from '../../extension/protocol/scan';
import type { Host } from '../messages/host';
import type { ScanStore } from './scan.svelte';

/**
 * Verdicts that are not on the disk yet, which the list shows faint. Owner of these: the host, which saves them in order and
 * outlives this page; of what is stored, and of its history: the engine.
 */
export class VerdictStore {
  /** Why the last ones could not be saved, undone or redone. */
  problem = $state<string | null>(null);
  /** An undo or redo was asked for and not answered: what is stored may not be what is shown. */
  unsure = false;
  #scan: ScanStore;
  #host: Host;
  #unsaved = $state.raw<readonly VerdictStep[]>([]);
  /** Ids of steps on their way to the host, which a state that it sends may not hold yet. */
  #leaving = new Set<string>();
  readonly #waitingIds = $derived(
    new Set(this.#unsaved.flatMap(({ changes }) => changes.map(({ id }) => id))),
  );
  /** How many verdicts wait to be saved. */
  readonly waiting = $derived(this.#unsaved.reduce((count, { changes }) => count + changes.length, 0));

  constructor(scan: ScanStore, host: Host) {
    this.#scan = scan;
    this.#host = host;
  }

  /** Shows verdicts at once and has them saved in the background, as one step of the history; null clears one. */
  decide(changes: readonly DecisionChange[]): void {
    const { table, reference } = this.#scan;
    if (reference === null) return;
    const step: VerdictStep = {
      id: newStepId(),
      changes: changes.map(({ id, decision }) => ({
        id,
        decision,
        before: table.decisionOf(table.rowOf(id) ?? -1),
      })),
    };
    this.#scan.decided(changes);
    this.#unsaved = [...this.#unsaved, step];
    void this.#give(reference, step);
  }

  /**
   * Undoes the last verdicts of the folder, or does again what was undone last.
   * @param answered called when that is on disk, and just before it is on the screen; not where it failed.
   */
  async moveInHistory(direction: HistoryDirection, answered: (answer: HistoryAnswer) => void): Promise<void> {
    const { reference } = this.#scan;
    if (reference === null) return;
    try {
      const answer = await this.#host.moveInHistory(reference, direction);
      if (!this.#scan.isThisScan(reference)) return;
      answered(answer);
      this.problem = null;
      this.changed(answer.changes, answer.summary, []);
    } catch (error) {
      this.unsure = true;
      this.problem = sentence(error);
    }
  }

  /** Whether an object of the table carries a verdict. */
  isReviewed(row: number): boolean {
    return this.#scan.table.verdict[row] !== 0;
  }

  /** The verdict that an object shows is not on the disk yet. */
  isWaiting(id: string): boolean {
    return this.#waitingIds.has(id);
  }

  /** Verdicts came to the disk, given here or elsewhere; one that still waits here is newer. @param saved steps that wait no longer. */
  changed(changes: readonly DecisionChange[], summary: ScanSummary, saved: readonly string[]): void {
    this.#scan.summary = summary;
    if (saved.length > 0) {
      this.#unsaved = this.#unsaved.filter(({ id }) => !saved.includes(id));
      this.problem = null;
    }
    this.#scan.decided(changes.filter(({ id }) => !this.isWaiting(id)));
  }

  /** What waits could not be saved. */
  failed(problem: string): void {
    this.problem = problem;
  }

  /** The scan was loaded afresh, or another one: what waits is painted over it. @param unsaved what the host holds of it. */
  replaced(isSameScan: boolean, unsaved: readonly VerdictStep[], problem: string | null): void {
    const held = new Set(unsaved.map(({ id }) => id));
    const leaving = isSameScan
      ? this.#unsaved.filter(({ id }) => this.#leaving.has(id) && !held.has(id))
      : [];
    this.#unsaved = [...unsaved, ...leaving];
    this.problem = problem;
    this.unsure = false;
    for (const { changes } of this.#unsaved) this.#scan.decided(changes);
  }

  async #give(reference: ScanReference, step: VerdictStep): Promise<void> {
    this.#leaving.add(step.id);
    try {
      await this.#host.giveVerdicts(reference, step);
    } catch (error) {
      this.problem = sentence(error);
    } finally {
      this.#leaving.delete(step.id);
    }
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** `crypto.randomUUID` is not there where VS Code is served without TLS. */
const newStepId = (): string => Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join('-');
