import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../messages/host';
import type { ScanStore } from './scan.svelte';

const batchSize = 24;
const keptSources = 400;
/** A row has to stay in sight for so long before its picture is asked for. */
const settleDelay = 40;

/**
 * Addresses of the small pictures of rows in sight. Owner: the host; kept here for as long as they may be seen again.
 */
export class ThumbnailStore {
  /** Address of an object's picture; null where there is none, absent while it is on its way. */
  readonly sources = new SvelteMap<string, string | null>();
  #scan: ScanStore;
  #host: Host;
  /** What each list on the page has in sight. */
  #inSight = new Map<string, readonly string[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: { ids: ReadonlySet<string>; controller: AbortController } | undefined;

  constructor(scan: ScanStore, host: Host) {
    this.#scan = scan;
    this.#host = host;
  }

  /** Tells what `list` shows now; what is out of sight is no longer asked for. */
  show(list: string, ids: readonly string[]): void {
    this.#inSight.set(list, ids);
    if (this.#request && !this.#wanted().some((id) => this.#request?.ids.has(id)))
      this.#request.controller.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#next(), settleDelay);
  }

  /** Asks again for pictures that could not be had. */
  retry(): void {
    for (const [id, source] of this.sources) if (source === null) this.sources.delete(id);
    void this.#next();
  }

  forget(): void {
    this.#request?.controller.abort();
    this.sources.clear();
  }

  #wanted(): string[] {
    return [...this.#inSight.values()].flat();
  }

  async #next(): Promise<void> {
    const reference = this.#scan.reference;
    if (this.#request || reference === null) return;
    const ids = [...new Set(this.#wanted().filter((id) => !this.sources.has(id)))].slice(0, batchSize);
    if (ids.length === 0) return;
    const controller = new AbortController();
    this.#request = { ids: new Set(ids), controller };
    const sources = await this.#host
      .loadThumbnails(reference, ids, controller.signal)
      .catch(() => (controller.signal.aborted ? null : ids.map(() => null)));
    this.#request = undefined;
    if (sources !== null && this.#scan.isThisScan(reference))
      ids.forEach((id, index) => this.sources.set(id, sources[index] ?? null));
    this.#dropOldest();
    await this.#next();
  }

  #dropOldest(): void {
    const inSight = new Set(this.#wanted());
    for (const id of this.sources.keys()) {
      if (this.sources.size <= keptSources) return;
      if (!inSight.has(id)) this.sources.delete(id);
    }
  }
}
