import {
  verdictCodes,
  type DecisionChange,
  type HistoryDirection,
  type VerdictStep,
} from '../../../extension/protocol/scan';
import type { InventedScan } from './inventedScan';

type Given = DecisionChange['decision'];
interface Change {
  readonly row: number;
  readonly before: Given;
  readonly after: Given;
}

/** The verdicts of an invented scan and the steps that led to them, as an engine keeps them over all pages. */
export class InventedHistory {
  readonly #scan: InventedScan;
  readonly #carried = new Map<number, Given>();
  #done: Change[][];
  #undone: Change[][] = [];

  /** What the scan carries was given on an earlier page, one verdict a step, the lowest score first. */
  constructor(scan: InventedScan) {
    this.#scan = scan;
    this.#done = [...scan.verdicts.keys()]
      .filter((row) => scan.verdicts[row] > 0)
      .sort((a, b) => scan.scores[a] - scan.scores[b])
      .map((row) => [{ row, before: null, after: this.#decisionOf(row) }]);
  }

  decide({ changes }: VerdictStep): void {
    const step = changes.map(({ id, decision }) => {
      const row = Number(id.replace('object-', ''));
      const change = { row, before: this.#decisionOf(row), after: decision };
      this.#set(row, decision);
      return change;
    });
    this.#done.push(step);
    this.#undone = [];
  }

  move(direction: HistoryDirection): DecisionChange[] {
    const isUndo = direction === 'undo';
    const step = (isUndo ? this.#done : this.#undone).pop();
    if (!step) return [];
    (isUndo ? this.#undone : this.#done).push(step);
    return step.map(({ row, before, after }) => {
      const decision = isUndo ? before : after;
      this.#set(row, decision);
      return { id: this.#scan.id(row), decision };
    });
  }

  #set(row: number, decision: Given): void {
    this.#carried.set(row, decision);
    this.#scan.verdicts[row] = decision ? verdictCodes.indexOf(decision.verdict) : 0;
  }

  #decisionOf(row: number): Given {
    const carried = this.#carried.get(row);
    if (carried !== undefined) return carried;
    const verdict = verdictCodes[this.#scan.verdicts[row]];
    if (!verdict) return null;
    return verdict === 'id' ? { verdict, class: this.#scan.className(row) } : { verdict };
  }
}
