import type { EngineState, ReviewState } from '../../extension/protocol/review';
import type { ScanComparison } from '../../extension/protocol/comparison';
import type { UnreadableFile } from '../../extension/protocol/results';
import type {
  DecisionChange,
  ObjectColumns,
  ScanProgress,
  ScanReference,
  ScanSummary,
} from '../../extension/protocol/scan';
import { classOffsets } from '../../extension/protocol/classThresholds';
import { decodeFloat32 } from '../../extension/protocol/columns';
import { labelReader } from '../../extension/protocol/labelDisagreement';
import { ComparedTable } from '../objects/comparedTable';
import { namesGiven } from '../objects/newNameKeys';
import { ObjectTable, type RowDecision } from '../objects/objectTable';
import { ScoreIndex } from '../objects/scoreIndex';

/** A new index is made at most so often while objects stream in; sorting 100,000 takes some 40 ms. */
const indexPause = 400;

/**
 * The scan on the screen as the engine told it. Owner: the engine, by way of the host; nothing here is decided on this
 * side, save verdicts that are painted before they are stored.
 */
export class ScanStore {
  loaded = $state(false);
  place = $state<ReviewState['place']>('editor');
  engine = $state.raw<EngineState>({ kind: 'running' });
  summary = $state.raw<ScanSummary | null>(null);
  progress = $state.raw<ScanProgress | null>(null);
  /** Why the scan could not go on when it ran last. */
  failure = $state<string | null>(null);
  unreadable = $state.raw<readonly UnreadableFile[]>([]);
  leftOut = $state.raw<readonly UnreadableFile[]>([]);
  /** The person put away what tells of these. */
  leftOutDismissed = $state(false);
  /** Ascending levelled scores of the calibration objects. */
  calibration = $state.raw<Float32Array>(new Float32Array(0));
  table = $state.raw(new ObjectTable());
  /** The scan held against another one of its folder; null: it is looked at alone. */
  comparison = $state.raw<ScanComparison | null>(null);
  /** What the other scan says of the objects. */
  readonly compared = $derived.by(() => this.comparison && new ComparedTable(this.comparison));
  /** As text, so that a summary with the same offsets makes no new index. */
  readonly #offsetsText = $derived.by(() =>
    this.summary ? classOffsets(this.summary.threshold, this.summary.classes).join() : '',
  );
  /** How far the δ of each class lies above the common one; empty where all classes have that one. */
  readonly offsets = $derived.by(() =>
    Float64Array.from(this.#offsetsText === '' ? [] : this.#offsetsText.split(','), Number),
  );
  /** Counts how often new rows were taken into `index`. */
  #indexed = $state(0);
  /** All objects so far by levelled score; lags behind `table` by less than a second while a scan runs. */
  readonly index = $derived.by(() => {
    void this.#indexed;
    return new ScoreIndex(this.table, this.offsets);
  });
  /** Counts every change of a verdict, so that what shows verdicts is drawn anew. */
  verdictRevision = $state(0);
  #indexTimer: ReturnType<typeof setTimeout> | undefined;

  /** Reads the dataset's labels against the classes. */
  readonly labelled = $derived.by(() => labelReader(this.classes));

  /** Free names given so far, the most frequent first. */
  readonly names = $derived.by(() => {
    void this.verdictRevision;
    void this.#indexed;
    return namesGiven(this.table, this.classes);
  });

  /** Files that could not be read; a running scan counts them before it tells their names. */
  get unreadableCount(): number {
    const { unreadable, progress, summary } = this;
    return Math.max(unreadable.length, progress?.images.unreadable ?? 0, summary?.images.unreadable ?? 0);
  }

  /** Nothing can be changed: the screen stands in a report. */
  get readOnly(): boolean {
    return this.place === 'report';
  }

  get reference(): ScanReference | null {
    return this.summary?.reference ?? null;
  }

  get classes(): readonly string[] {
    return this.summary?.classes ?? [];
  }

  isThisScan(reference: ScanReference): boolean {
    return (
      this.summary?.reference.folder === reference.folder &&
      this.summary.reference.scanId === reference.scanId
    );
  }

  replace(state: ReviewState): void {
    this.place = state.place;
    this.engine = state.engine;
    this.progress = state.progress;
    this.failure = state.failure;
    this.summary = state.snapshot?.summary ?? null;
    this.unreadable = state.snapshot?.unreadable ?? [];
    this.leftOut = state.snapshot?.leftOut ?? [];
    this.leftOutDismissed = state.leftOutDismissed;
    this.calibration = state.snapshot
      ? decodeFloat32(state.snapshot.calibrationScores).sort()
      : new Float32Array(0);
    const table = new ObjectTable();
    if (state.snapshot) table.append(state.snapshot.columns);
    this.table = table;
    this.comparison = state.comparison;
    this.#indexNow();
    this.loaded = true;
  }

  /** @returns false when rows before these never came: the whole has to be asked for again. */
  append(columns: ObjectColumns): boolean {
    if (!this.table.append(columns)) return false;
    if (this.index.count === 0) this.#indexNow();
    else this.#indexTimer ??= setTimeout(() => this.#indexNow(), indexPause);
    return true;
  }

  progressed(progress: ScanProgress | null, summary: ScanSummary | null, failure: string | null): void {
    this.progress = progress;
    this.failure = failure;
    if (summary !== null) this.summary = summary;
    if (progress === null && this.#indexTimer !== undefined) this.#indexNow();
  }

  decided(changes: readonly DecisionChange[]): void {
    for (const { id, decision } of changes) {
      const row = this.table.rowOf(id);
      if (row !== undefined) this.table.setDecision(row, decision);
    }
    this.verdictRevision++;
  }

  decisionOf(row: number): RowDecision | null {
    void this.verdictRevision;
    return this.table.decisionOf(row);
  }

  #indexNow(): void {
    clearTimeout(this.#indexTimer);
    this.#indexTimer = undefined;
    this.#indexed++;
  }
}
