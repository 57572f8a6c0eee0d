import type { DecisionChange, ScanReference } from '../../extension/protocol/scan';
import type { Host } from '../messages/host';
import type { RowDecision } from '../objects/objectTable';
import type { ScanStore } from './scan.svelte';

/**
 * Verdicts on their way to the engine. Owner of what is stored: the engine; here wait those it does not have yet.
 */
export class VerdictStore {
  /** How many verdicts wait to be saved. */
  waiting = $state(0);
  /** Why the last ones could not be saved. */
  problem = $state<string | null>(null);
  #scan: ScanStore;
  #host: Host;
  #unsaved = new Map<string, DecisionChange>();
  #saving = false;

  constructor(scan: ScanStore, host: Host) {
    this.#scan = scan;
    this.#host = host;
  }

  /** Shows the verdict at once and saves it in the background; null clears it. */
  decide(id: string, decision: RowDecision | null): void {
    const change: DecisionChange = { id, decision };
    this.#scan.decided([change]);
    this.#unsaved.set(id, change);
    this.waiting = this.#unsaved.size;
    void this.save();
  }

  /** Whether an object of the table carries a verdict. */
  isReviewed(row: number): boolean {
    return this.#scan.table.verdict[row] !== 0;
  }

  /** Verdicts given elsewhere; one that waits here is newer. */
  changed(changes: readonly DecisionChange[]): void {
    this.#scan.decided(changes.filter(({ id }) => !this.#unsaved.has(id)));
  }

  /** Paints what still waits over a state that was loaded afresh. */
  repaint(): void {
    if (this.#unsaved.size > 0) this.#scan.decided([...this.#unsaved.values()]);
  }

  /** Another scan is on the screen. */
  forget(): void {
    this.#unsaved.clear();
    this.waiting = 0;
    this.problem = null;
  }

  /** Saves what waits. Verdicts given meanwhile follow in order. */
  async save(): Promise<void> {
    const reference = this.#scan.reference;
    if (this.#saving || reference === null || this.#unsaved.size === 0) return;
    this.#saving = true;
    const saved = await this.#send(reference, [...this.#unsaved.values()]);
    this.#saving = false;
    if (saved) await this.save();
  }

  async #send(reference: ScanReference, changes: DecisionChange[]): Promise<boolean> {
    try {
      const summary = await this.#host.saveDecisions(reference, changes);
      if (!this.#scan.isThisScan(reference)) return false;
      this.#scan.summary = summary;
      for (const change of changes)
        if (this.#unsaved.get(change.id) === change) this.#unsaved.delete(change.id);
      this.problem = null;
      return true;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      this.waiting = this.#unsaved.size;
    }
  }
}
