import { decodeUint32 } from '../../extension/protocol/columns';
import type { Host } from '../messages/host';
import { t } from '../words/localise';
import { countOf } from '../words/numbers';
import type { Announcer } from './announcer.svelte';
import type { ScanStore } from './scan.svelte';

/**
 * Which objects look alike. Owner: the engine, which is asked when the list is grouped by it; what it said stands still
 * until it is asked again.
 */
export class LikenessStore {
  /** Of each row the row that stands for its group, `notCompared` where it has none; null: not known. */
  alike = $state.raw<Uint32Array | null>(null);
  /** The engine is comparing. */
  comparing = $state(false);
  /** The objects carry nothing to be compared by: they were scanned before that was stored. */
  notStored = $state(false);
  /** Why they could not be compared. */
  problem = $state<string | null>(null);
  #scan: ScanStore;
  #host: Host;
  #announcer: Announcer;
  /** Counts states of the scan: an answer about an earlier one is of no use. */
  #revision = 0;

  constructor(scan: ScanStore, host: Host, announcer: Announcer) {
    this.#scan = scan;
    this.#host = host;
    this.#announcer = announcer;
  }

  /** The scan was told anew. @param same it is the scan that was shown before. */
  replaced(same: boolean): void {
    this.#revision++;
    this.comparing = false;
    this.problem = null;
    this.notStored = false;
    // Rows stand for the same objects as long as none has gone.
    if (!same || this.#scan.table.count < (this.alike?.length ?? 0)) this.alike = null;
  }

  /** Asks which objects look alike, unless that is known of all of them. */
  async compare(): Promise<void> {
    const { reference, table } = this.#scan;
    if (reference === null || this.comparing || (this.alike?.length ?? 0) >= table.count) return;
    const revision = this.#revision;
    this.comparing = true;
    this.problem = null;
    try {
      const { compared, groups } = await this.#host.loadLikeness(reference);
      if (revision !== this.#revision) return;
      this.notStored = compared === 0;
      this.alike = compared === 0 ? null : decodeUint32(groups);
      if (compared > 0) this.#announcer.say(t('{0} compared.', countOf(compared, 'object')));
    } catch (error) {
      if (revision !== this.#revision) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.comparing = false;
  }
}
