import { isCancellation } from '../../extension/messaging/typedConnection';
import type { ObjectDetail } from '../../extension/protocol/scan';
import type { Host } from '../messages/host';
import { t } from '../words/localise';
import type { ScanStore } from './scan.svelte';

const keptDetails = 32;

/**
 * The object a person looks at and all that is known of it. Owner of which object it is: this page, which tells the host
 * so that the other place follows. Owner of the detail: the engine.
 */
export class FocusStore {
  id = $state<string | null>(null);
  /** Of the focused object; null while it is on its way. */
  detail = $state.raw<ObjectDetail | null>(null);
  /** Why there is no detail. */
  problem = $state<string | null>(null);
  #scan: ScanStore;
  #host: Host;
  #known = new Map<string, ObjectDetail>();
  #loading: AbortController | undefined;
  #asked: Promise<unknown> = Promise.resolve();

  constructor(scan: ScanStore, host: Host) {
    this.#scan = scan;
    this.#host = host;
  }

  /** Of the table; undefined where nothing is focused, or what is not of this scan. */
  get row(): number | undefined {
    return this.id === null ? undefined : this.#scan.table.rowOf(this.id);
  }

  /** @param next objects that are likely to be looked at after this one; loaded ahead. */
  focus(id: string | null, next: readonly string[] = []): void {
    if (id !== this.id) this.#host.focusObject(id);
    this.follow(id, next);
  }

  /** The other place focused an object, or the page was loaded: shown here without telling the host again. */
  follow(id: string | null, next: readonly string[] = []): void {
    if (id === this.id && this.detail !== null) return;
    this.#loading?.abort();
    this.id = id;
    this.problem = null;
    this.detail = (id !== null && this.#known.get(id)) || null;
    if (id === null) return;
    this.#loading = new AbortController();
    void this.#load(id, next, this.#loading.signal);
  }

  /** Resolves when the detail of the focused object is here, or cannot be had. */
  async loaded(): Promise<void> {
    await Promise.allSettled([this.#asked]);
  }

  /** Drops everything known of objects: another scan is on the screen, or the engine is back. */
  forget(): void {
    this.#loading?.abort();
    this.#known.clear();
    this.detail = null;
    this.problem = null;
  }

  async #load(id: string, next: readonly string[], signal: AbortSignal): Promise<void> {
    try {
      const asked = this.#fetch(id, signal);
      this.#asked = asked;
      this.detail = await asked;
      for (const ahead of next) preload(await this.#fetch(ahead, signal));
    } catch (error) {
      if (signal.aborted || isCancellation(error) || this.id !== id) return;
      // What was loaded ahead and failed is asked for again when it is looked at.
      if (this.detail === null) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  async #fetch(id: string, signal: AbortSignal): Promise<ObjectDetail> {
    const known = this.#known.get(id);
    if (known) return known;
    const reference = this.#scan.reference;
    if (reference === null) throw new Error(t('No scan is open.'));
    const detail = await this.#host.loadObject(reference, id, signal);
    signal.throwIfAborted();
    this.#known.set(id, detail);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > keptDetails && oldest !== undefined) this.#known.delete(oldest);
    return detail;
  }
}

/** Lets the browser fetch and decode the pictures before they are looked at. */
function preload(detail: ObjectDetail): void {
  for (const rendition of [detail.crop, detail.photo]) if (rendition) new Image().src = rendition.source;
}
