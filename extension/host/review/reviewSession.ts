import { EventEmitter, workspace, type Disposable } from 'vscode';
import type { NotificationContract } from '../../protocol/contract';
import type { ScanComparison } from '../../protocol/comparison';
import * as engineProtocol from '../../protocol/engine';
import { groupByLikeness, type Likeness } from '../../protocol/likeness';
import * as review from '../../protocol/review';
import type {
  DecisionChange,
  HistoryAnswer,
  HistoryDirection,
  ObjectDetail,
  ScanProgress,
  ScanReference,
  ScanSnapshot,
  ScanSummary,
  Threshold,
  VerdictStep,
} from '../../protocol/scan';
import type { ReviewActionName } from '../../protocol/reviewActions';
import type { EngineClient } from '../engineProcess/engineClient';
import type { FolderMemory } from '../folderMemory';
import { sameScan, type ScanCatalogue } from '../scans/scanCatalogue';
import { preferenceSettings, reviewPreferences } from '../settings';
import { ReviewKeyboard, type Keyboard } from './reviewKeyboard';
import type { StoredVerdicts, VerdictQueue } from './verdictQueue';

/** A place where the review screen can be seen. */
export interface ReviewPlace {
  readonly place: review.ReviewState['place'];
  /** A hidden place is told nothing: it loads afresh when it is shown. */
  readonly visible: boolean;
  notify<Params>(contract: NotificationContract<Params>, params: Params): void;
  /** Lets the page load pictures of the shown scan. True when the page loads afresh because of it. */
  admit(folder: string): boolean;
}

/** What all places of the review screen have in common: the shown scan, the focused object, and the engine behind them. */
export class ReviewSession implements Disposable {
  private readonly shownChanged = new EventEmitter<ScanReference | null>();
  private readonly decided = new EventEmitter<{ reference: ScanReference; changes: DecisionChange[] }>();
  readonly onDidChangeShown = this.shownChanged.event;
  readonly onDidDecide = this.decided.event;
  readonly keyboard = new ReviewKeyboard();
  private readonly visibilityChanged = new EventEmitter<void>();
  readonly onDidChangeVisibility = this.visibilityChanged.event;
  private readonly places = new Set<ReviewPlace>();
  /** The place that was touched last: what keys and commands do is done there. */
  private leading: ReviewPlace | null = null;
  private readonly subscriptions: Disposable[];
  private reference: ScanReference | null;
  /** Id of the scan of the same folder that the shown one is compared with. */
  private other: string | null;
  private focused: string | null = null;
  private lastVerdict = -Infinity;

  constructor(
    private readonly engine: EngineClient,
    private readonly catalogue: ScanCatalogue,
    private readonly memory: FolderMemory,
    private readonly verdicts: VerdictQueue,
  ) {
    this.reference = memory.shownScan;
    this.other = memory.comparedScan;
    this.subscriptions = [
      this.shownChanged,
      this.decided,
      this.keyboard,
      this.visibilityChanged,
      engine.onDidChangeState((state) => this.tell(review.engineStateChanged, state)),
      engine.onScanStarted((summary) => this.startedAgain(summary)),
      engine.onObjectsAdded((added) => this.tellOf(added.reference, review.reviewObjectsAdded, added)),
      engine.onScanProgressed((progress) => this.scanProgressed(progress)),
      verdicts.onDidStore((stored) => this.stored(stored)),
      verdicts.onDidFail((failure) => this.tellOf(failure.reference, review.reviewSaveFailed, failure)),
      workspace.onDidChangeConfiguration((change) => {
        if (preferenceSettings.some((setting) => change.affectsConfiguration(setting)))
          this.tell(review.preferencesChanged, reviewPreferences());
      }),
    ];
  }

  /** The scan on the screen. */
  get shown(): ScanReference | null {
    return this.reference;
  }

  /** The scan that the one on the screen is compared with. */
  get comparedWith(): ScanReference | null {
    if (this.reference === null || this.other === null) return null;
    return { folder: this.reference.folder, scanId: this.other };
  }

  get focusedId(): string | null {
    return this.focused;
  }

  /** Milliseconds since the person gave a verdict. */
  get sinceVerdict(): number {
    return Date.now() - this.lastVerdict;
  }

  /** True when a person sees the scan now. */
  isVisible(reference: ScanReference): boolean {
    return sameScan(reference, this.reference) && this.hasVisiblePlace;
  }

  get hasVisiblePlace(): boolean {
    return [...this.places].some((place) => place.visible);
  }

  join(place: ReviewPlace): Disposable {
    this.places.add(place);
    this.placeChanged();
    return {
      dispose: () => {
        this.places.delete(place);
        this.placeChanged();
      },
    };
  }

  /** A place came, went, was shown or hidden. */
  placeChanged(): void {
    this.visibilityChanged.fire();
  }

  /** Puts a scan, or none, on the screen, in all places; with `id`, that object is focused. */
  async show(reference: ScanReference | null, id: string | null = null): Promise<void> {
    if (sameScan(reference, this.reference)) {
      if (id !== null) this.focus(id);
      return;
    }
    await this.look(reference, null, id);
  }

  /**
   * Puts a scan on the screen beside another one of its folder; null: it is looked at alone again. The object that is looked
   * at stays where both scans have it.
   */
  async compare(reference: ScanReference, other: string | null): Promise<void> {
    const isKnownObject = this.reference?.folder === reference.folder;
    await this.look(reference, other, isKnownObject ? this.focused : null);
  }

  private async look(
    reference: ScanReference | null,
    other: string | null,
    id: string | null,
  ): Promise<void> {
    this.reference = reference;
    this.other = other;
    this.focused = id;
    this.shownChanged.fire(reference);
    await this.memory.rememberShownScan(reference);
    await this.memory.rememberComparedScan(other);
    await this.replace();
  }

  /** The focus moved, in `from` or elsewhere; the other places follow. */
  focus(id: string | null, from?: ReviewPlace): void {
    this.focused = id;
    if (id === null) return;
    for (const place of this.places) {
      if (place !== from && place.visible) place.notify(review.reviewFocusChanged, { id });
    }
  }

  /** Keys began or ceased to go to a place. */
  keyboardChanged(keyboard: Keyboard, place: ReviewPlace): void {
    if (keyboard.focused) this.leading = place;
    else if (this.leading !== place) return; // the other place has taken over
    this.keyboard.change(keyboard);
  }

  /** Does what a key of the review stands for. @returns false when the review cannot be seen. */
  act(action: ReviewActionName): boolean {
    const place = this.leading?.visible
      ? this.leading
      : [...this.places].reverse().find(({ visible }) => visible);
    place?.notify(review.reviewAct, { action });
    return place !== undefined;
  }

  /** Everything a page needs to draw itself. */
  async state(place: review.ReviewState['place']): Promise<review.ReviewState> {
    return { place, ...(await this.content()) };
  }

  /** The whole scan, once more, to every visible place. */
  async replace(): Promise<void> {
    const { reference } = this;
    const waiting = [...this.places].filter(
      (place) => !(reference && place.admit(reference.folder)) && place.visible,
    );
    if (waiting.length === 0) return;
    const content = await this.content();
    if (!sameScan(reference, this.reference) && reference !== this.reference) return; // overtaken
    if ((content.comparison?.other.reference.scanId ?? null) !== this.other) return;
    for (const place of waiting) place.notify(review.reviewReplaced, { place: place.place, ...content });
  }

  private scanProgressed(progress: ScanProgress): void {
    const { reference, threshold } = progress;
    this.tellOf(reference, review.reviewProgressed, { progress, summary: null, failure: null });
    if (threshold) this.tellOf(reference, review.reviewThresholdChanged, { reference, threshold });
  }

  /** A scan ended: the screen that shows it learns of its last counts and its δ. */
  scanEnded(summary: ScanSummary): void {
    const { reference, threshold } = summary;
    const failure = this.catalogue.failure(reference);
    if (this.isCompared(reference)) this.replaceAgain();
    this.tellOf(reference, review.reviewProgressed, { progress: null, summary, failure });
    this.tellOf(reference, review.reviewThresholdChanged, { reference, threshold });
  }

  object(reference: ScanReference, id: string, signal: AbortSignal): Promise<ObjectDetail> {
    return this.engine.request(engineProtocol.describeObject, { reference, id }, signal);
  }

  async thumbnails(reference: ScanReference, ids: string[], signal: AbortSignal): Promise<(string | null)[]> {
    return (await this.engine.request(engineProtocol.thumbnails, { reference, ids }, signal)).paths;
  }

  /** Which objects of a scan look alike. */
  likeness(reference: ScanReference, signal: AbortSignal): Promise<Likeness> {
    return this.engine.request(groupByLikeness, reference, signal);
  }

  /** Takes verdicts; all places are told when they are on disk. */
  decide(reference: ScanReference, step: VerdictStep): void {
    this.verdicts.give(reference, step);
  }

  /** Tries again what could not be saved. */
  saveAgain(): void {
    this.verdicts.saveAll();
  }

  /** A scan was removed: verdicts that wait to be saved for it have nowhere to go. */
  forget(reference: ScanReference): void {
    this.verdicts.forget(reference);
  }

  /** Undoes or redoes a step of verdicts; resolves when that is on disk. */
  moveInHistory(reference: ScanReference, direction: HistoryDirection): Promise<HistoryAnswer> {
    return this.verdicts.move(reference, direction);
  }

  /** Moves δ; null: back to where it was calibrated. */
  async setThreshold(
    reference: ScanReference,
    value: number | null,
    from?: ReviewPlace,
  ): Promise<{ threshold: Threshold; summary: ScanSummary }> {
    const answer = await this.engine.request(engineProtocol.setThreshold, { reference, value });
    this.catalogue.updateCounts(answer.summary);
    this.tellOf(reference, review.reviewThresholdChanged, { reference, threshold: answer.threshold }, from);
    if (sameScan(reference, this.comparedWith)) await this.replace();
    return answer;
  }

  /** Flags classes that were calibrated by themselves by their own δ, or all by the common one. */
  async setThresholdPerClass(reference: ScanReference, chosen: boolean): Promise<void> {
    const { summary } = await this.engine.request(engineProtocol.setThresholdPerClass, { reference, chosen });
    await this.levelledAnew(summary);
  }

  /** Calibrates δ anew at another rate; one that was set by hand is taken back. */
  async setTruePositiveRate(reference: ScanReference, rate: number): Promise<void> {
    const { summary } = await this.engine.request(engineProtocol.setTruePositiveRate, { reference, rate });
    await this.levelledAnew(summary);
  }

  /** Puts away, for this scan, what tells that it left something out. */
  async dismissLeftOut(reference: ScanReference, from?: ReviewPlace): Promise<void> {
    await this.memory.rememberLeftOutDismissed(reference, true);
    this.tellOf(reference, review.leftOutDismissed, { reference }, from);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Classes lie at other distances from δ now, and so do the calibration scores: pages are told all of the scan. */
  private async levelledAnew(summary: ScanSummary): Promise<void> {
    const { reference } = summary;
    this.catalogue.updateCounts(summary);
    if (sameScan(reference, this.reference) || sameScan(reference, this.comparedWith)) await this.replace();
  }

  /** Verdicts are on disk: all who show them learn of it. */
  private stored(stored: StoredVerdicts): void {
    const { reference, changes, summary } = stored;
    this.catalogue.updateCounts(summary);
    this.catalogue.recountOthersSoon(reference);
    this.lastVerdict = Date.now();
    this.decided.fire({ reference, changes });
    this.tellOf(reference, review.reviewDecisionsChanged, stored);
  }

  /** The shown scan begins anew or goes on: what it forgot leaves the screen. */
  private startedAgain({ reference, objects }: ScanSummary): void {
    if (objects === 0) void this.memory.rememberLeftOutDismissed(reference, false);
    if (!sameScan(reference, this.reference)) return;
    if (objects === 0) this.focused = null;
    this.replaceAgain();
  }

  private replaceAgain(): void {
    this.replace().catch(() => undefined); // an engine that ended says so by itself
  }

  /** Whether what is found in a scan changes the comparison on the screen. */
  private isCompared(reference: ScanReference): boolean {
    const { comparedWith } = this;
    return (
      comparedWith !== null && (sameScan(reference, this.reference) || sameScan(reference, comparedWith))
    );
  }

  private async content(): Promise<Omit<review.ReviewState, 'place'>> {
    const reference = await this.existing();
    const changedSince: DecisionChange[] = [];
    const following = this.onDidDecide((decided) => {
      if (sameScan(decided.reference, reference)) changedSince.push(...decided.changes);
    });
    try {
      const snapshot: ScanSnapshot | null =
        reference && (await this.engine.request(engineProtocol.snapshotScan, reference));
      const comparison = reference && (await this.comparison(reference));
      const waiting = reference && (await this.verdicts.unsaved(reference));
      return {
        snapshot,
        comparison,
        progress: reference && this.catalogue.progress(reference),
        failure: reference && this.catalogue.failure(reference),
        focusedId: this.focused,
        changedSince,
        unsaved: waiting?.steps ?? [],
        saveProblem: waiting?.problem ?? null,
        leftOutDismissed: reference !== null && this.memory.isLeftOutDismissed(reference),
        engine: this.engine.state,
        preferences: reviewPreferences(),
      };
    } finally {
      following.dispose();
    }
  }

  private async comparison(reference: ScanReference): Promise<ScanComparison | null> {
    const { other } = this;
    return other === null ? null : this.engine.request(engineProtocol.compareScans, { reference, other });
  }

  /** The shown scan if it still exists, else the newest; one that it was compared with may be gone. */
  private async existing(): Promise<ScanReference | null> {
    await this.catalogue.load();
    if (this.comparedWith && !this.catalogue.find(this.comparedWith)) this.other = null;
    if (this.reference && this.catalogue.find(this.reference)) return this.reference;
    const newest = this.catalogue.scans().at(0)?.reference ?? null;
    if (!sameScan(newest, this.reference)) {
      this.reference = newest;
      this.other = null;
      this.focused = null;
      this.shownChanged.fire(newest);
      if (newest) for (const place of this.places) place.admit(newest.folder);
    }
    return newest;
  }

  private tell<Params>(contract: NotificationContract<Params>, params: Params, except?: ReviewPlace): void {
    for (const place of this.places) if (place !== except && place.visible) place.notify(contract, params);
  }

  private tellOf<Params>(
    reference: ScanReference,
    contract: NotificationContract<Params>,
    params: Params,
    except?: ReviewPlace,
  ): void {
    if (sameScan(reference, this.reference)) this.tell(contract, params, except);
  }
}
