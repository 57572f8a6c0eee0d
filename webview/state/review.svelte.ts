import type { EngineState, ReviewState } from '../../extension/protocol/review';
import type { ScanProgress, ScanSummary } from '../../extension/protocol/scan';
import { connectHost, type Host, type HostListener } from '../messages/host';
import type { VsCodeApi } from '../messages/vscodeApi';
import { formatCount, formatScore } from '../words/numbers';
import { verdictSentence } from '../words/verdicts';
import type { RowDecision } from '../objects/objectTable';
import { Announcer } from './announcer.svelte';
import { FocusStore } from './focus.svelte';
import { LookStore } from './look.svelte';
import { ObjectListStore } from './objectList.svelte';
import { readSavedView, type SavedView } from './savedView';
import { ScanStore } from './scan.svelte';
import { ThresholdStore } from './threshold.svelte';
import { ThumbnailStore } from './thumbnails.svelte';
import { VerdictStore } from './verdicts.svelte';

/** The whole screen: its stores, and what happens between them. */
export class Review {
  readonly scan = new ScanStore();
  readonly announcer = new Announcer();
  readonly host: Host;
  readonly threshold: ThresholdStore;
  readonly list: ObjectListStore;
  readonly focus: FocusStore;
  readonly verdicts: VerdictStore;
  readonly thumbnails: ThumbnailStore;
  readonly look: LookStore;
  /** The object at the upper edge of the list. */
  anchorId: string | null;
  /** Why the screen could not be loaded. */
  problem = $state<string | null>(null);
  /** A person works in the list: new results wait. */
  inUse = false;
  #saved: SavedView;

  constructor(api: VsCodeApi, page: Window) {
    this.#saved = readSavedView(api);
    this.anchorId = this.#saved.anchorId;
    this.host = connectHost(api, page, this.#listener());
    this.threshold = new ThresholdStore(this.scan, this.host);
    this.list = new ObjectListStore(this.scan, this.threshold, this.#saved);
    this.focus = new FocusStore(this.scan, this.host);
    this.verdicts = new VerdictStore(this.scan, this.host);
    this.thumbnails = new ThumbnailStore(this.scan, this.host);
    this.look = new LookStore(this.#saved);
    void this.load();
  }

  /** What VS Code should keep of this page. */
  get view(): SavedView {
    const { map, opacity, boxes } = this.look;
    const { text, shown } = this.list;
    return { focusedId: this.focus.id, text, shown, map, opacity, boxes, anchorId: this.anchorId };
  }

  async load(): Promise<void> {
    try {
      this.#replace(await this.host.loadReview());
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Looks at the object at a position of the list. */
  focusPosition(position: number): void {
    if (this.list.count === 0) return;
    const place = Math.min(this.list.count - 1, Math.max(0, position));
    this.inUse = true;
    this.focus.focus(this.#idAt(place), this.#likelyNext(place));
  }

  /** Looks at an object, listed or not. */
  focusId(id: string): void {
    this.inUse = true;
    const place = this.list.positionOf(id);
    this.focus.focus(id, place < 0 ? [] : this.#likelyNext(place));
  }

  /** The first listed object, where nothing was focused: it does not count as work in the list. */
  focusFirst(): void {
    if (this.list.count > 0) this.focus.follow(this.#idAt(0), this.#likelyNext(0));
  }

  /** Tries again whatever could not be loaded or saved. */
  saveAgain(): void {
    if (this.problem !== null) void this.load();
    void this.verdicts.save();
    this.threshold.retry();
  }

  step(by: number): void {
    const place = this.list.positionOf(this.focus.id);
    this.focusPosition(place < 0 ? 0 : place + by);
  }

  /** Gives the focused object a verdict; null clears it. */
  decide(decision: RowDecision | null): void {
    const id = this.focus.id;
    if (id === null) return;
    this.inUse = true;
    this.verdicts.decide(id, decision);
    const said = decision === null ? 'Verdict cleared' : verdictSentence(decision.verdict, decision.class);
    this.announcer.say(`${said}. ${this.progressWords}.`);
  }

  /** Lets the person pick a class in VS Code. A name that is no ID class makes the object out of distribution. */
  async decideOtherClass(current: string | null): Promise<void> {
    const { reference } = this.scan;
    const id = this.focus.id;
    if (reference === null || id === null) return;
    const scores = this.focus.detail?.classScores ?? [];
    const picked = await this.host.pickClass(reference, current, scores).catch(() => null);
    if (picked === null || this.focus.id !== id) return;
    this.decide({ verdict: this.scan.classes.includes(picked) ? 'id' : 'ood', class: picked });
  }

  moveThreshold(value: number): void {
    this.threshold.move(value);
    this.list.refresh();
    this.announcer.sayLater(
      () => `Threshold ${formatScore(this.threshold.value)}, ${formatCount(this.threshold.flagged)} flagged.`,
    );
  }

  /** How many of the flagged objects carry a verdict. */
  readonly reviewed = $derived.by(() => {
    void this.scan.verdictRevision;
    const { index, table } = this.scan;
    const counts = { any: 0, ood: 0, id: 0, ignored: 0 };
    for (let position = 0; position < this.threshold.flagged; position++) {
      const code = table.verdict[index.rows[position]];
      if (code === 0) continue;
      counts.any++;
      if (code === 1) counts.ood++;
      else if (code === 2) counts.id++;
      else counts.ignored++;
    }
    return counts;
  });

  get progressWords(): string {
    return `${formatCount(this.reviewed.any)} of ${formatCount(this.threshold.flagged)} reviewed`;
  }

  #listener(): HostListener {
    return {
      replaced: (state) => this.#replace(state),
      objectsAdded: (reference, columns) => {
        if (!this.scan.isThisScan(reference)) return;
        if (!this.scan.append(columns)) void this.load();
      },
      progressed: (progress, summary, failure) => this.#progressed(progress, summary, failure),
      thresholdChanged: (reference, threshold) => {
        if (!this.scan.isThisScan(reference)) return;
        this.threshold.changed(threshold);
        this.list.refresh();
      },
      decisionsChanged: (reference, changes) => {
        if (this.scan.isThisScan(reference)) this.verdicts.changed(changes);
      },
      focusChanged: (id) => this.focus.follow(id),
      engineChanged: (state) => this.#engineChanged(state),
    };
  }

  #replace(state: ReviewState): void {
    const reference = state.snapshot?.summary.reference;
    const same = reference !== undefined && this.scan.isThisScan(reference);
    if (!same) {
      this.threshold.forget();
      this.verdicts.forget();
      this.inUse = false;
    }
    this.thumbnails.forget();
    this.focus.forget();
    this.scan.replace(state);
    this.verdicts.repaint();
    this.list.refresh();
    this.#refocus(state.focusedId ?? this.focus.id ?? this.#saved.focusedId);
  }

  /** Keeps the focus where it was; else on the first object, so that there is something to look at. */
  #refocus(id: string | null): void {
    if (id !== null && this.scan.table.rowOf(id) !== undefined) this.focus.follow(id);
    else if (this.list.count > 0) this.focusFirst();
    else this.focus.follow(null);
  }

  #progressed(progress: ScanProgress | null, summary: ScanSummary | null, failure: string | null): void {
    const reference = progress?.reference ?? summary?.reference;
    if (reference === undefined || !this.scan.isThisScan(reference)) return;
    this.scan.progressed(progress, summary, failure);
    if (summary?.state === 'finished' && progress === null)
      this.announcer.say(
        `Scan finished: ${formatCount(this.threshold.flagged)} of ${formatCount(this.scan.index.count)} objects flagged.`,
      );
  }

  #engineChanged(state: EngineState): void {
    const back = state.kind === 'running' && this.scan.engine.kind !== 'running';
    this.scan.engine = state;
    if (!back) return;
    void this.verdicts.save();
    this.threshold.retry();
    this.thumbnails.retry();
    if (this.focus.detail === null) this.focus.follow(this.focus.id);
  }

  #idAt(position: number): string {
    return this.scan.table.ids[this.list.rowAt(position)];
  }

  #likelyNext(position: number): string[] {
    return [position + 1, position + 2, position + 3, position - 1]
      .filter((place) => place >= 0 && place < this.list.count)
      .map((place) => this.#idAt(place));
  }
}
