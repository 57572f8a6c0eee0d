import { EventEmitter, Uri, type Disposable } from 'vscode';
import { listScans, removeScan } from '../../protocol/engine';
import type { ScanProgress, ScanReference, ScanSummary } from '../../protocol/scan';
import type { EngineClient } from '../engineProcess/engineClient';
import type { FolderMemory } from '../folderMemory';
import { scannedFolders } from './storedScans';

export const sameScan = (a: ScanReference | null, b: ScanReference | null): boolean =>
  a !== null && b !== null && a.folder === b.folder && a.scanId === b.scanId;

export const scanName = ({ folder }: ScanReference): string =>
  folder.split(/[\\/]/).filter(Boolean).pop() ?? folder;

/** Milliseconds from a verdict to the counts of other scans: many are given in a row. */
const recountPause = 500;

/** The scans of this workspace as they are now: the stored ones, and the running one with its progress. */
export class ScanCatalogue implements Disposable {
  private readonly changed = new EventEmitter<ScanSummary | undefined>();
  /** Fires with the scan that changed, or with nothing when scans came or went. */
  readonly onDidChange = this.changed.event;
  private readonly summaries = new Map<string, ScanSummary>();
  private readonly running = new Map<string, ScanProgress>();
  private readonly failures = new Map<string, string>();
  private readonly subscriptions: Disposable[];
  private loading: Promise<void> | null = null;
  private readonly toRecount = new Map<string, ScanReference>();
  private recounting: NodeJS.Timeout | null = null;

  constructor(
    private readonly engine: EngineClient,
    private readonly memory: FolderMemory,
  ) {
    this.subscriptions = [
      this.changed,
      engine.onScanStarted((summary) => this.update(summary)),
      engine.onScanProgressed((progress) => this.advance(progress)),
    ];
  }

  /** Newest first. */
  scans(): ScanSummary[] {
    return [...this.summaries.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  find(reference: ScanReference): ScanSummary | null {
    return this.summaries.get(key(reference)) ?? null;
  }

  /** Null unless the scan runs now. */
  progress(reference: ScanReference): ScanProgress | null {
    return this.running.get(key(reference)) ?? null;
  }

  /** Why the scan could not go on when it ran last; null when it was stopped, finished, or runs. */
  failure(reference: ScanReference): string | null {
    return this.failures.get(key(reference)) ?? null;
  }

  /** The scans stored anywhere in the workspace and in folders scanned before. Asks the engine only where there may be any. */
  load(): Promise<void> {
    this.loading ??= this.loadAll().catch((error: unknown) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  /** Reads all scans again, if they were read before: other folders may be open now. */
  async reload(): Promise<void> {
    if (!this.loading) return;
    this.loading = null;
    await this.load();
  }

  /** Looks at a folder again that something else scanned, if scans were read before. */
  async follow(folder: string): Promise<void> {
    if (this.loading) await this.refresh([folder]);
  }

  /** Reads the scans of these folders again. */
  async refresh(folders: string[]): Promise<void> {
    if (folders.length === 0) return;
    const { scans } = await this.engine.request(listScans, { folders });
    for (const known of this.summaries.values()) {
      if (folders.includes(known.reference.folder)) this.summaries.delete(key(known.reference));
    }
    for (const summary of scans) this.summaries.set(key(summary.reference), summary);
    this.changed.fire(undefined);
    await this.forgetGone(folders);
  }

  update(summary: ScanSummary): void {
    const isNew = !this.summaries.has(key(summary.reference));
    this.summaries.set(key(summary.reference), summary);
    this.failures.delete(key(summary.reference));
    if (summary.state === 'scanning') {
      const { reference, images, objects, flagged } = summary;
      this.running.set(key(reference), { reference, images, objects, flagged, secondsLeft: null });
    }
    this.changed.fire(isNew ? undefined : summary);
  }

  /** The counts and δ of a scan changed through the review; whether it runs does not. */
  updateCounts(summary: ScanSummary): void {
    const known = this.find(summary.reference);
    this.summaries.set(key(summary.reference), { ...summary, state: known?.state ?? summary.state });
    this.changed.fire(this.find(summary.reference) ?? undefined);
  }

  /** Verdicts were given in a scan. They belong to its objects, and count in the other scans of the folder as well. */
  recountOthersSoon(changed: ScanReference): void {
    if (this.others(changed).length === 0) return;
    this.toRecount.set(key(changed), changed);
    this.recounting ??= setTimeout(() => {
      const waiting = [...this.toRecount.values()];
      this.toRecount.clear();
      this.recounting = null;
      for (const reference of waiting) void this.recountOthers(reference).catch(() => undefined); // an engine that ended says so
    }, recountPause);
  }

  private async recountOthers(changed: ScanReference): Promise<void> {
    const { scans } = await this.engine.request(listScans, { folders: [changed.folder] });
    const others = this.others(changed);
    for (const summary of scans) {
      if (others.some(({ reference }) => sameScan(reference, summary.reference))) this.updateCounts(summary);
    }
  }

  private others(scan: ScanReference): ScanSummary[] {
    return this.scans().filter(
      ({ reference }) => reference.folder === scan.folder && !sameScan(reference, scan),
    );
  }

  /**
   * A scan ended, however it did. Gives what is known of it now.
   * @param failure why it could not go on; null when it finished or was stopped.
   */
  ended(reference: ScanReference, failure: string | null): ScanSummary | null {
    this.running.delete(key(reference));
    if (failure !== null) this.failures.set(key(reference), failure);
    const summary = this.find(reference);
    if (summary?.state === 'scanning') this.summaries.set(key(reference), { ...summary, state: 'stopped' });
    this.changed.fire(undefined);
    return this.find(reference);
  }

  /** Tells whoever draws scans to look again. */
  announce(): void {
    this.changed.fire(undefined);
  }

  async remove(reference: ScanReference): Promise<void> {
    await this.engine.request(removeScan, reference);
    this.summaries.delete(key(reference));
    this.changed.fire(undefined);
    await this.forgetGone([reference.folder]);
  }

  dispose(): void {
    if (this.recounting) clearTimeout(this.recounting);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private advance(progress: ScanProgress): void {
    const summary = this.find(progress.reference);
    if (!summary) return;
    const { images, objects, flagged, threshold = summary.threshold } = progress;
    this.running.set(key(progress.reference), progress);
    const advanced: ScanSummary = { ...summary, images, objects, flagged, threshold };
    this.summaries.set(key(progress.reference), advanced);
    this.changed.fire(advanced);
  }

  private forgetGone(folders: readonly string[]): Promise<void> {
    const scans = [...this.summaries.values()].map(({ reference }) => reference);
    return this.memory.forgetGoneScans(folders, scans);
  }

  private async loadAll(): Promise<void> {
    await this.refresh([...new Set([...(await scannedFolders()), ...this.memory.folders()])]);
  }
}

const key = ({ folder, scanId }: ScanReference): string => `${Uri.file(folder).toString()}#${scanId}`;
