import type { Verdict } from '../../extension/protocol/results';
import type { AutoAdvance } from '../../extension/protocol/review';
import { verdictCodes } from '../../extension/protocol/scan';
import type { HistoryDirection } from '../../extension/protocol/scan';
import type { Host } from '../messages/host';
import { closestClasses } from '../objects/closestClasses';
import type { RowDecision } from '../objects/objectTable';
import { t } from '../words/localise';
import { formatCount, formatScore } from '../words/numbers';
import { historySentence } from '../words/history';
import { timesWords, verdictSentence } from '../words/verdicts';
import type { ActionTurns } from './actionTurns';
import type { Announcer } from './announcer.svelte';
import type { FocusStore } from './focus.svelte';
import type { Movement } from './movement';
import type { ObjectListStore } from './objectList.svelte';
import type { ScanStore } from './scan.svelte';
import type { SelectionStore } from './selection.svelte';
import type { ThresholdStore } from './threshold.svelte';
import type { VerdictStore } from './verdicts.svelte';

interface Around {
  readonly scan: ScanStore;
  readonly list: ObjectListStore;
  readonly focus: FocusStore;
  readonly selection: SelectionStore;
  readonly verdicts: VerdictStore;
  readonly threshold: ThresholdStore;
  readonly announcer: Announcer;
  readonly host: Host;
  readonly turns: ActionTurns;
}

/** What a verdict does: it is given, said, and leads on. Owner of where it leads: VS Code's settings. */
export class Deciding {
  autoAdvance = $state<AutoAdvance>('unreviewed');
  /** Classes assigned lately, the last one first. Owner: this page. */
  lately = $state.raw<readonly string[]>([]);
  readonly #around: Around;
  readonly #move: Movement;

  constructor(around: Around, move: Movement) {
    this.#around = around;
    this.#move = move;
  }

  /**
   * Gives rows a verdict as one step of the history; null clears it.
   * @param rows at first what is selected, else the focused object.
   */
  decide(decision: RowDecision | null, rows = this.#around.selection.targets): void {
    const given =
      decision === null ? t('Verdict cleared') : verdictSentence(decision.verdict, decision.class);
    if (decision?.class !== undefined) this.#remember(decision.class);
    this.#decideRows(rows, () => decision, given);
  }

  /**
   * In distribution: each row as the class that fits it best.
   * @param rows at first what is selected, else the focused object.
   */
  assignOwnClosest(rows = this.#around.selection.targets): void {
    const { scan } = this.#around;
    const closest = (row: number): string => scan.classes[scan.table.predictedClass[row]] ?? '';
    const names = new Set(Array.from(rows, closest));
    const [only] = names;
    if (names.size === 1) this.#remember(only);
    this.#decideRows(
      rows,
      (row) => ({ verdict: 'id', class: closest(row) }),
      names.size === 1 ? verdictSentence('id', only) : t('In distribution: the closest class of each'),
    );
  }

  /** In distribution: what is selected as the class that fits the focused object best, second best, … */
  assignClosest(place: number): void {
    const { focus, scan, turns } = this.#around;
    const { row, id, detail } = focus;
    if (row === undefined) return;
    if (place > 0 && detail === null) {
      const hold = turns.hold();
      void focus.loaded().then(() => {
        if (!hold.isOver && focus.id === id && focus.detail !== null) this.assignClosest(place);
        hold.end();
      });
      return;
    }
    const name =
      place === 0
        ? scan.classes[scan.table.predictedClass[row]]
        : closestClasses(detail?.classScores ?? [], scan.classes, place + 1, null)[place]?.name;
    if (name) this.decide({ verdict: 'id', class: name });
  }

  /** A name that is no class of the list makes objects out of distribution. @param ids of those that the scan still holds. */
  assignName(name: string, ids: readonly string[]): void {
    const { scan } = this.#around;
    const rows = ids.flatMap((id) => scan.table.rowOf(id) ?? []);
    this.decide({ verdict: scan.classes.includes(name) ? 'id' : 'ood', class: name }, Uint32Array.from(rows));
  }

  toggleAutoAdvance(): void {
    this.autoAdvance = this.autoAdvance === 'off' ? 'unreviewed' : 'off';
    this.#around.host.setAutoAdvance(this.autoAdvance);
    this.#around.announcer.say(
      this.autoAdvance === 'off' ? t('Auto-advance is off.') : t('Auto-advance is on.'),
    );
  }

  /** Undoes the last verdicts of the folder, or does again what was undone last, and looks at the object. */
  moveInHistory(direction: HistoryDirection): void {
    const { verdicts, announcer, scan, selection, focus, turns } = this.#around;
    const hold = turns.hold();
    const before = focus.id;
    const moved = verdicts.moveInHistory(direction, (answer) => {
      const { table } = scan;
      const decisionOf = (id: string): RowDecision | null => table.decisionOf(table.rowOf(id) ?? -1);
      announcer.say(historySentence(direction, answer, decisionOf));
      const changed = answer.changes.filter(({ id }) => table.rowOf(id) !== undefined);
      const hasGoneOn = hold.isOver && focus.id !== before;
      if (changed.length === 0 || hasGoneOn) return;
      this.#move.toObject(changed[0].id);
      // What was decided together can be decided again together.
      if (changed.length > 1) selection.pick(changed.map(({ id }) => id));
    });
    void moved.finally(() => hold.end());
  }

  /** How many of the flagged objects carry a verdict. */
  readonly reviewed = $derived.by(() => {
    const { scan, threshold } = this.#around;
    void scan.verdictRevision;
    const { index, table } = scan;
    const counts = { any: 0, ood: 0, id: 0, ignored: 0 };
    for (let position = 0; position < threshold.flagged; position++) {
      const code = table.verdict[index.rows[position]];
      if (code === 0) continue;
      counts.any++;
      if (code === 1) counts.ood++;
      else if (code === 2) counts.id++;
      else counts.ignored++;
    }
    return counts;
  });

  /** Of the flagged objects, 0 to 1. */
  get reviewedShare(): number {
    const { flagged } = this.#around.threshold;
    return flagged > 0 ? this.reviewed.any / flagged : 0;
  }

  get progressWords(): string {
    const { flagged } = this.#around.threshold;
    return flagged === 0
      ? t('nothing flagged')
      : t('{0} of {1} reviewed', formatCount(this.reviewed.any), formatCount(flagged));
  }

  /** What the objects that a verdict goes to carry: how many they are, and the verdict where all carry the same. */
  readonly target = $derived.by((): { count: number; verdict: Verdict | null; anyReviewed: boolean } => {
    const { scan, selection } = this.#around;
    void scan.verdictRevision;
    const codes = new Set(Array.from(selection.targets, (row) => scan.table.verdict[row]));
    const [only = 0] = codes;
    return {
      count: selection.targets.length,
      verdict: codes.size === 1 ? (verdictCodes[only] ?? null) : null,
      anyReviewed: codes.size > 1 || only !== 0,
    };
  });

  /** One step of the history, however many objects there are. */
  #decideRows(rows: Uint32Array, decisionOf: (row: number) => RowDecision | null, given: string): void {
    if (rows.length === 0) return;
    const { focus, scan, verdicts } = this.#around;
    const before = focus.id;
    const ids = Array.from(rows, (row) => scan.table.ids[row]);
    const decisions = Array.from(rows, decisionOf);
    this.#move.inUse = true;
    verdicts.decide(ids.map((id, place) => ({ id, decision: decisions[place] })));
    if (decisions[0] !== null) this.#advance(ids);
    this.#move.followVerdicts();
    this.#say(timesWords(rows.length, given), before);
  }

  /** On from the last of the objects that were given a verdict. */
  #advance(ids: readonly string[]): void {
    const from = this.#around.list.positionUpTo(ids[ids.length - 1]);
    if (this.autoAdvance === 'unreviewed') this.#move.toUnreviewed(1, from);
    else if (this.autoAdvance === 'next' && ids.length === 1) this.#move.step(1);
    else if (this.autoAdvance === 'next') this.#move.toPosition(from + 1);
  }

  #say(given: string, before: string | null): void {
    const { focus, scan, announcer } = this.#around;
    const row = focus.id === before ? undefined : focus.row;
    const next =
      row === undefined
        ? ''
        : ` ${t('Next: {0}, {1}.', scan.classes[scan.table.predictedClass[row]] ?? '', formatScore(scan.table.score[row]))}`;
    announcer.say(`${given}. ${this.progressWords}.${next}`);
  }

  #remember(name: string): void {
    this.lately = [name, ...this.lately.filter((other) => other !== name)].slice(0, 5);
  }
}
