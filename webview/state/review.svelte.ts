import type { EngineState, ReviewState } from '../../extension/protocol/review';
import type { ReviewActionName } from '../../extension/protocol/reviewActions';
import type { ScanProgress, ScanSummary } from '../../extension/protocol/scan';
import { connectHost, type Host, type HostListener } from '../messages/host';
import type { VsCodeApi } from '../messages/vscodeApi';
import type { ScoreRange } from '../objects/filterTerms';
import { quantile } from '../objects/scoreIndex';
import { t } from '../words/localise';
import { countOf, formatCount, formatScore } from '../words/numbers';
import { scoresWords } from '../words/scores';
import { performAction } from './actions';
import { ActionTurns } from './actionTurns';
import { Announcer } from './announcer.svelte';
import { Deciding } from './deciding.svelte';
import { FocusStore } from './focus.svelte';
import { Keyboard } from './keyboard';
import { LayerStore } from './layers.svelte';
import { LikenessStore } from './likeness.svelte';
import { LookStore } from './look.svelte';
import { Movement } from './movement';
import { ObjectListStore } from './objectList.svelte';
import { RoomStore } from './room.svelte';
import { readSavedView, type SavedView } from './savedView';
import { ScanStore } from './scan.svelte';
import { SelectionStore } from './selection.svelte';
import { ThresholdStore } from './threshold.svelte';
import { ThumbnailStore } from './thumbnails.svelte';
import { VerdictStore } from './verdicts.svelte';
import { ZoomStore } from './zoom.svelte';

/** The whole screen: its stores, and what happens between them. */
export class Review {
  readonly scan = new ScanStore();
  readonly announcer = new Announcer();
  readonly host: Host;
  readonly threshold: ThresholdStore;
  readonly likeness: LikenessStore;
  readonly list: ObjectListStore;
  readonly focus: FocusStore;
  readonly selection: SelectionStore;
  readonly verdicts: VerdictStore;
  readonly thumbnails: ThumbnailStore;
  readonly look: LookStore;
  readonly room: RoomStore;
  /** The object at the upper edge of the list. */
  anchorId: string | null;
  /** Why the screen could not be loaded. */
  problem = $state<string | null>(null);
  readonly layers = new LayerStore();
  readonly zoom: ZoomStore;
  readonly move: Movement;
  readonly turns: ActionTurns;
  readonly deciding: Deciding;
  readonly keyboard: Keyboard;
  #saved: SavedView;

  constructor(api: VsCodeApi, page: Window) {
    this.#saved = readSavedView(api);
    this.anchorId = this.#saved.anchorId;
    this.host = connectHost(api, page, this.#listener());
    this.threshold = new ThresholdStore(this.scan, this.host);
    this.likeness = new LikenessStore(this.scan, this.host, this.announcer);
    this.list = new ObjectListStore(this.scan, this.threshold, this.likeness, this.#saved);
    this.focus = new FocusStore(this.scan, this.host);
    this.selection = new SelectionStore(this, this.#saved);
    this.verdicts = new VerdictStore(this.scan, this.host);
    this.thumbnails = new ThumbnailStore(this.scan, this.host);
    this.look = new LookStore(this.#saved);
    this.room = new RoomStore(this.scan, this.#saved.room);
    this.zoom = new ZoomStore(this.focus);
    this.move = new Movement(this);
    this.turns = new ActionTurns(() =>
      this.announcer.say(t('The last keys did nothing, since no answer came.')),
    );
    this.deciding = new Deciding(this, this.move);
    this.keyboard = new Keyboard(page, (state) => this.host.keyboardChanged(state));
    void this.load();
  }

  /** What VS Code should keep of this page. */
  get view(): SavedView {
    const { map, opacity, boxes } = this.look;
    const { text, shown, order, labelDiffers, scores, change, groupBy, folded } = this.list;
    return {
      focusedId: this.focus.id,
      selectedIds: this.selection.ids,
      text,
      shown,
      order,
      labelDiffers,
      scores,
      change,
      groupBy,
      folded: [...folded],
      map,
      opacity,
      boxes,
      anchorId: this.anchorId,
      room: this.room.saved,
    };
  }

  async load(): Promise<void> {
    try {
      this.#replace(await this.host.loadReview());
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Tries again whatever could not be loaded or saved. */
  saveAgain(): void {
    if (this.problem !== null || this.verdicts.unsure) void this.load();
    this.host.saveAgain();
    this.threshold.retry();
  }

  /** Takes in everything found and said so far, groups of alike objects anew. */
  refreshList(): void {
    this.list.refresh();
    this.list.compareNew();
  }

  /** Puts away, for this scan, what tells that it left something out. */
  dismissLeftOut(): void {
    if (this.scan.reference === null) return;
    this.look.leftOutListOpen = false;
    this.scan.leftOutDismissed = true;
    this.host.dismissLeftOut(this.scan.reference);
  }

  moveThreshold(value: number): void {
    this.threshold.move(value);
    this.list.refresh();
    this.#sayThreshold();
  }

  /** Calibrates δ anew to keep another share, in (0, 1], of the calibration objects; in a report, which holds no others, moves it there. */
  async keepShare(rate: number): Promise<void> {
    if (this.scan.readOnly) return this.moveThreshold(quantile(this.scan.calibration, 1 - rate));
    await this.threshold.chooseRate(rate);
    if (this.threshold.problem === null) this.#sayThreshold();
  }

  #sayThreshold(): void {
    this.announcer.sayLater(() =>
      t(
        'Threshold {0}, {1} flagged.',
        formatScore(this.threshold.value),
        formatCount(this.threshold.flagged),
      ),
    );
  }

  /** Lists only objects with a score in the range; null: with any. */
  filterScores(scores: ScoreRange | null): void {
    this.move.inUse = true;
    this.list.filter({ scores });
    this.announcer.sayLater(() => `${scoresWords(scores)}: ${countOf(this.list.total, 'object')}.`);
  }

  /** The range is chosen; where it lies on the side of δ that is not listed, both sides are. */
  settleScores(): void {
    if (this.list.scores !== null && this.list.total === 0) this.list.filter({ shown: 'all' });
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
      decisionsChanged: (reference, changes, summary, saved) => {
        if (!this.scan.isThisScan(reference)) return;
        this.verdicts.changed(changes, summary, saved);
        this.move.followVerdicts();
      },
      saveFailed: (reference, problem) => {
        if (this.scan.isThisScan(reference)) this.verdicts.failed(problem);
      },
      focusChanged: (id) => this.focus.follow(id),
      leftOutDismissed: (reference) => {
        if (this.scan.isThisScan(reference)) this.scan.leftOutDismissed = true;
      },
      engineChanged: (state) => this.#engineChanged(state),
      act: (action) => this.#act(action),
      preferencesChanged: ({ autoAdvance }) => (this.deciding.autoAdvance = autoAdvance),
    };
  }

  /** Where a dialog is open, keys are its own; VS Code may hear of it late. */
  #act(action: ReviewActionName): void {
    const isTyping = document.activeElement?.matches('input[type=text], input[type=search]') ?? false;
    if (action === 'showKeys' ? !isTyping : this.layers.open === null && !isTyping)
      performAction(this, action);
  }

  #replace(state: ReviewState): void {
    const reference = state.snapshot?.summary.reference;
    const same = reference !== undefined && this.scan.isThisScan(reference);
    if (!same) {
      this.threshold.forget();
      // At first it is what was kept of an earlier page.
      if (this.scan.loaded) this.selection.clear();
      this.move.inUse = false;
    }
    this.thumbnails.forget();
    this.focus.forget();
    this.#sayCompared(state);
    this.scan.replace(state);
    this.likeness.replaced(same);
    if (state.comparison === null) this.list.leaveComparison();
    this.deciding.autoAdvance = state.preferences.autoAdvance;
    this.scan.decided(state.changedSince);
    this.verdicts.replaced(same, state.unsaved, state.saveProblem);
    this.list.refresh();
    this.list.compareNew();
    this.#refocus(state.focusedId ?? this.focus.id ?? this.#saved.focusedId);
  }

  #sayCompared({ comparison }: ReviewState): void {
    if (!this.scan.loaded || (comparison === null) === (this.scan.comparison === null)) return;
    this.announcer.say(
      comparison === null ? t('The scan is looked at alone.') : t('The scan is compared with another one.'),
    );
  }

  /** Keeps the focus where it was; else on the first object, so that there is something to look at. */
  #refocus(id: string | null): void {
    if (id !== null && this.scan.table.rowOf(id) !== undefined) this.focus.follow(id);
    else if (this.list.total > 0) this.move.toFirst();
    else this.focus.follow(null);
  }

  #progressed(progress: ScanProgress | null, summary: ScanSummary | null, failure: string | null): void {
    const reference = progress?.reference ?? summary?.reference;
    if (reference === undefined || !this.scan.isThisScan(reference)) return;
    this.scan.progressed(progress, summary, failure);
    // Groups that a person works in stand still until the list is refreshed.
    if (progress === null && !this.move.inUse) this.list.compareNew();
    if (summary?.state === 'finished' && progress === null)
      this.announcer.say(
        t(
          'Scan finished: {0} of {1} flagged.',
          formatCount(this.threshold.flagged),
          countOf(this.scan.index.count, 'object'),
        ),
      );
  }

  #engineChanged(state: EngineState): void {
    const back = state.kind === 'running' && this.scan.engine.kind !== 'running';
    this.scan.engine = state;
    if (!back) return;
    if (this.verdicts.unsure) void this.load();
    this.threshold.retry();
    this.thumbnails.retry();
    this.list.compareNew();
    if (this.focus.detail === null) this.focus.follow(this.focus.id);
  }
}
