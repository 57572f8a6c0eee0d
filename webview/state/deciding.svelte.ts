import type { AutoAdvance } from '../../extension/protocol/review';
import type { HistoryDirection } from '../../extension/protocol/scan';
import type { Host } from '../messages/host';
import { closestClasses } from '../objects/closestClasses';
import type { RowDecision } from '../objects/objectTable';
import { t } from '../words/localise';
import { formatCount, formatScore } from '../words/numbers';
import { historySentence } from '../words/history';
import { verdictSentence } from '../words/verdicts';
import type { Announcer } from './announcer.svelte';
import type { FocusStore } from './focus.svelte';
import type { Movement } from './movement';
import type { ObjectListStore } from './objectList.svelte';
import type { ScanStore } from './scan.svelte';
import type { ThresholdStore } from './threshold.svelte';
import type { VerdictStore } from './verdicts.svelte';

interface Around {
  readonly scan: ScanStore;
  readonly list: ObjectListStore;
  readonly focus: FocusStore;
  readonly verdicts: VerdictStore;
  readonly threshold: ThresholdStore;
  readonly announcer: Announcer;
  readonly host: Host;
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

  /** Gives the focused object a verdict; null clears it. */
  decide(decision: RowDecision | null): void {
    const { focus, verdicts } = this.#around;
    const id = focus.id;
    if (id === null) return;
    this.#move.inUse = true;
    const given =
      decision === null ? t('Verdict cleared') : verdictSentence(decision.verdict, decision.class);
    verdicts.decide([{ id, decision }]);
    if (decision?.class !== undefined) this.#remember(decision.class);
    if (decision !== null) this.#advance();
    this.#move.followVerdicts();
    this.#say(given, id);
  }

  /** In distribution, as the class that fits the focused object best, second best, … */
  assignClosest(place: number): void {
    const { focus, scan } = this.#around;
    const row = focus.id === null ? undefined : scan.table.rowOf(focus.id);
    if (row === undefined) return;
    const name =
      place === 0
        ? scan.classes[scan.table.predictedClass[row]]
        : focus.detail &&
          closestClasses(focus.detail.classScores, scan.classes, place + 1, null)[place]?.name;
    if (name) this.decide({ verdict: 'id', class: name });
  }

  /** A name that is no class of the list makes the object out of distribution. */
  assignName(name: string): void {
    this.decide({ verdict: this.#around.scan.classes.includes(name) ? 'id' : 'ood', class: name });
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
    const { verdicts, announcer, scan } = this.#around;
    verdicts.moveInHistory(direction, (answer) => {
      const { table } = scan;
      const decisionOf = (id: string): RowDecision | null => table.decisionOf(table.rowOf(id) ?? -1);
      announcer.say(historySentence(direction, answer, decisionOf));
      const [first] = answer.changes;
      if (first !== undefined && table.rowOf(first.id) !== undefined) this.#move.toObject(first.id);
    });
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

  get progressWords(): string {
    const { flagged } = this.#around.threshold;
    return flagged === 0
      ? t('nothing flagged')
      : t('{0} of {1} reviewed', formatCount(this.reviewed.any), formatCount(flagged));
  }

  #advance(): void {
    if (this.autoAdvance === 'next') this.#move.step(1);
    else if (this.autoAdvance === 'unreviewed') this.#move.toUnreviewed(1);
  }

  #say(given: string, before: string): void {
    const { focus, scan, announcer } = this.#around;
    const row = focus.id === null || focus.id === before ? undefined : scan.table.rowOf(focus.id);
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
