import { classesWithOwnThreshold } from '../../extension/protocol/classThresholds';
import type { ScanReference, Threshold } from '../../extension/protocol/scan';
import { scoreAxis } from '../charts/scoreAxis';
import type { Host } from '../messages/host';
import { countBelow } from '../objects/scoreIndex';
import type { ScanStore } from './scan.svelte';

const saveDelay = 150;

/**
 * δ as it is being moved. Owner of the stored δ: the engine; of the one under the pointer: this store, until the engine
 * has it 150 ms after the last move.
 */
export class ThresholdStore {
  #scan: ScanStore;
  #host: Host;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** δ that the engine does not have yet. */
  #moved = $state<number | null>(null);
  /** What else could not be stored, to try it again. */
  #failed: (() => Promise<void>) | null = null;
  /** Set when the last δ could not be stored: why. */
  problem = $state<string | null>(null);

  constructor(scan: ScanStore, host: Host) {
    this.#scan = scan;
    this.#host = host;
  }

  readonly stored = $derived.by((): Threshold | null => this.#scan.summary?.threshold ?? null);
  readonly value = $derived.by(() => this.#moved ?? this.stored?.value ?? 0);
  /** The classes that have a δ of their own now, and how far above the common one it lies. */
  readonly own = $derived.by(
    () =>
      new Map(
        this.stored ? classesWithOwnThreshold(this.stored).map((entry) => [entry.class, entry.offset]) : [],
      ),
  );
  /** The axis of all scores. It does not follow δ while δ is moved, so that nothing slides under the pointer. */
  readonly axis = $derived.by(() => scoreAxis(this.#scan.index.scores, this.stored?.value ?? 0));
  /** The lowest and the highest δ in three decimals: from none flagged to all. */
  readonly range = $derived.by(() => ({
    low: Math.ceil(1000 * this.axis.minimum) / 1000,
    high: Math.floor(1000 * this.axis.maximum) / 1000,
  }));
  readonly flagged = $derived.by(() => this.#scan.index.flagged(this.value));
  /** The share of calibration objects that δ keeps; null without any. */
  readonly keptShare = $derived.by((): number | null => {
    const scores = this.#scan.calibration;
    return scores.length === 0 ? null : 1 - countBelow(scores, this.value) / scores.length;
  });
  readonly wasMoved = $derived.by(() => this.#moved !== null || this.stored?.source === 'user');

  /** The rate at which δ was calibrated; null where it was not, or was set by hand since. */
  readonly rate = $derived.by((): number | null =>
    this.wasMoved ? null : (this.stored?.calibratedAt ?? null),
  );

  /** δ of a class: what its objects are held against. */
  of(className: string): number {
    return this.value + (this.own.get(className) ?? 0);
  }

  /** The score of an object of a class as it stands to the common δ. */
  levelled(className: string, score: number): number {
    return score - (this.own.get(className) ?? 0);
  }

  /** Gives classes that were calibrated by themselves their own δ, or all classes the common one. */
  choosePerClass(chosen: boolean): Promise<void> {
    return this.#choose((reference) => this.#host.saveThresholdPerClass(reference, chosen));
  }

  /** Calibrates δ anew to keep another share of the calibration objects. A δ that was set by hand is taken back. */
  chooseRate(rate: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#moved = null;
    return this.#choose((reference) => this.#host.saveTruePositiveRate(reference, rate));
  }

  /** Sets δ for the screen at once and for the engine a moment later. */
  move(value: number): void {
    const { minimum, maximum } = this.axis;
    this.#moved = Math.min(maximum, Math.max(minimum, value));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(this.#moved), saveDelay);
  }

  /** Back to the δ that was calibrated, or to the model's own. */
  reset(): void {
    clearTimeout(this.#timer);
    void this.#save(null);
  }

  /** The engine or the other place changed δ. */
  changed(threshold: Threshold): void {
    if (this.#scan.summary) this.#scan.summary = { ...this.#scan.summary, threshold };
  }

  /** Another scan is on the screen: what was moved belonged to the one before. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#moved = null;
    this.#failed = null;
    this.problem = null;
  }

  /** Stores again what could not be stored. */
  retry(): void {
    if (this.#moved !== null) void this.#save(this.#moved);
    else void this.#failed?.();
  }

  /** Stores what the scan is told anew after. */
  async #choose(store: (reference: ScanReference) => Promise<void>): Promise<void> {
    const { reference } = this.#scan;
    if (reference === null) return;
    try {
      await store(reference);
      this.#failed = null;
      this.problem = null;
    } catch (error) {
      this.#failed = () => this.#choose(store);
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  async #save(value: number | null): Promise<void> {
    const reference: ScanReference | null = this.#scan.reference;
    if (reference === null) return;
    try {
      const { threshold, summary } = await this.#host.saveThreshold(reference, value);
      if (!this.#scan.isThisScan(reference)) return;
      this.#scan.summary = { ...summary, threshold };
      this.#failed = null;
      this.problem = null;
      // A move since then has its own saving under way.
      if (value === null || this.#moved === value) this.#moved = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
