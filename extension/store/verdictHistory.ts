import type { Verdict } from '../protocol/results';
import type { DecisionChange, HistoryDirection } from '../protocol/scan';
import type { Connection } from './database';
import type { FinishedObject } from './records';

/** So many steps can be undone; and of those, the last ones that hold so many changes, but always the very last. */
export const keptSteps = 1000;
export const keptChanges = 100_000;

/** What `decision` holds of an object: verdict, class, when; all null where there is none. */
type StoredVerdict = readonly [verdict: string | null, className: string | null, at: string | null];
const noVerdict: StoredVerdict = [null, null, null];

/** What was passed over of verdicts that were to be stored. */
export interface PassedOver {
  /** What objects carry that no longer carry what the change was given for. */
  newer: DecisionChange[];
  /** Ids of objects that the scan does not hold any more, as after it began anew. */
  gone: string[];
}

/** What a step back or forth did. */
export interface HistoryStep {
  /** What objects of the scan carry now; empty, with `elsewhere` 0, when there was no step. */
  changes: DecisionChange[];
  /** How many other objects of the folder changed. */
  elsewhere: number;
}

/*
 * The history is one line of steps for the whole folder, since verdicts belong to its objects and not to a scan. Steps that
 * were undone are always its end. All functions here are called within a transaction of the caller.
 */

/** Stores verdicts, changes of one step as one step of the history. */
export function storeVerdicts(
  connection: Connection,
  scanId: string,
  changes: readonly DecisionChange[],
  now: string,
): PassedOver {
  const passedOver: PassedOver = { newer: [], gone: [] };
  const keyOf = connection.prepare('SELECT decisionKey FROM object WHERE scan = ? AND id = ?').raw();
  const append = connection.prepare(
    `INSERT INTO verdictChange (step, place, decisionKey, verdictBefore, classBefore, atBefore, verdict, class, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const named = connection.prepare('SELECT 1 FROM verdictStep WHERE id = ?').raw();
  for (const given of stepsOf(changes)) {
    const [{ step: name = null }] = given;
    if (name !== null && named.get(name) !== undefined) continue;
    const changed: [string, ...StoredVerdict, ...StoredVerdict][] = [];
    for (const { id, decision, before: expected } of given) {
      const found = keyOf.get(scanId, id) as [string] | undefined;
      if (!found) {
        passedOver.gone.push(id);
        continue;
      }
      const before = readVerdict(connection, found[0]);
      if (expected !== undefined && !isVerdict(before, expected)) {
        passedOver.newer.push({ id, decision: decisionOf(before) });
        continue;
      }
      const after: StoredVerdict = decision ? [decision.verdict, decision.class ?? null, now] : noVerdict;
      writeVerdict(connection, found[0], after);
      passedOver.newer = passedOver.newer.filter((newer) => newer.id !== id);
      // The same verdict once more is nothing to take back.
      if (before[0] !== after[0] || before[1] !== after[1]) changed.push([found[0], ...before, ...after]);
    }
    if (changed.length === 0) continue;
    connection.prepare('DELETE FROM verdictStep WHERE isUndone = 1').run();
    const step = connection.prepare('INSERT INTO verdictStep (changes, isUndone, id) VALUES (?, 0, ?)');
    const { lastInsertRowid } = step.run(changed.length, name);
    changed.forEach((row, place) => append.run(lastInsertRowid, place, ...row));
  }
  forgetOldest(connection);
  return passedOver;
}

/**
 * Takes the last step back, or does the one undone last again.
 *
 * @param name of the only step that this may be; null: any.
 */
export function moveInHistory(
  connection: Connection,
  scanId: string,
  direction: HistoryDirection,
  name: string | null = null,
): HistoryStep {
  const isUndo = direction === 'undo';
  const next = connection
    .prepare(
      isUndo
        ? 'SELECT step, id FROM verdictStep WHERE isUndone = 0 ORDER BY step DESC LIMIT 1'
        : 'SELECT step, id FROM verdictStep WHERE isUndone = 1 ORDER BY step LIMIT 1',
    )
    .raw()
    .get() as [number, string | null] | undefined;
  if (!next || (name !== null && next[1] !== name)) return { changes: [], elsewhere: 0 };
  const [step] = next;
  // An object may have changed more than once in a step: back goes from the last place to the first.
  const rows = connection
    .prepare(
      isUndo
        ? 'SELECT decisionKey, verdictBefore, classBefore, atBefore FROM verdictChange WHERE step = ? ORDER BY place DESC'
        : 'SELECT decisionKey, verdict, class, at FROM verdictChange WHERE step = ? ORDER BY place',
    )
    .raw()
    .all(step) as [string, ...StoredVerdict][];
  for (const [key, ...verdict] of rows) writeVerdict(connection, key, verdict);
  connection.prepare('UPDATE verdictStep SET isUndone = ? WHERE step = ?').run(isUndo ? 1 : 0, step);
  return stepOf(connection, scanId, step);
}

/** What objects that a step changed carry now, in the order in which they were given their verdicts. */
function stepOf(connection: Connection, scanId: string, step: number): HistoryStep {
  const rows = connection
    .prepare(
      `SELECT object.id, decision.verdict, decision.class
       FROM (SELECT decisionKey, min(place) AS first FROM verdictChange WHERE step = ? GROUP BY decisionKey) AS changed
         LEFT JOIN object ON object.scan = ? AND object.decisionKey = changed.decisionKey
         LEFT JOIN decision ON decision.decisionKey = changed.decisionKey
       ORDER BY first`,
    )
    .raw()
    .all(step, scanId) as [string | null, string | null, string | null][];
  const changes = rows.flatMap(([id, verdict, className]): DecisionChange[] => {
    return id === null ? [] : [{ id, decision: decisionOf([verdict, className, null]) }];
  });
  return { changes, elsewhere: rows.length - changes.length };
}

/** Changes that follow each other and are of the same step. */
function stepsOf(changes: readonly DecisionChange[]): DecisionChange[][] {
  const steps: DecisionChange[][] = [];
  for (const change of changes) {
    const last = steps.at(-1);
    if (last && last[0].step === change.step) last.push(change);
    else steps.push([change]);
  }
  return steps;
}

function decisionOf([verdict, className]: StoredVerdict): DecisionChange['decision'] {
  if (verdict === null) return null;
  return { verdict: verdict as Verdict, ...(className === null ? {} : { class: className }) };
}

const isVerdict = ([verdict, className]: StoredVerdict, decision: DecisionChange['decision']): boolean =>
  verdict === (decision?.verdict ?? null) && className === (decision?.class ?? null);

function readVerdict(connection: Connection, key: string): StoredVerdict {
  const found = connection
    .prepare('SELECT verdict, class, at FROM decision WHERE decisionKey = ?')
    .raw()
    .get(key) as StoredVerdict | undefined;
  return found ?? noVerdict;
}

function writeVerdict(connection: Connection, key: string, [verdict, className, at]: StoredVerdict): void {
  if (verdict === null) connection.prepare('DELETE FROM decision WHERE decisionKey = ?').run(key);
  else
    connection
      .prepare('INSERT OR REPLACE INTO decision (decisionKey, verdict, class, at) VALUES (?, ?, ?, ?)')
      .run(key, verdict, className, at);
}

/** A verdict that came with an object's box is carried by it unless a verdict was given here; it is no step of the history. */
export function keepGivenVerdict(
  connection: Connection,
  { decisionKey, givenDecision }: Pick<FinishedObject, 'decisionKey' | 'givenDecision'>,
): void {
  if (givenDecision === undefined) return;
  const { verdict, class: name, at } = givenDecision;
  connection
    .prepare('INSERT OR IGNORE INTO decision (decisionKey, verdict, class, at) VALUES (?, ?, ?, ?)')
    .run(decisionKey, verdict, name ?? null, at);
}

function forgetOldest(connection: Connection): void {
  // Numbers of steps follow each other: steps only leave at either end.
  connection
    .prepare('DELETE FROM verdictStep WHERE step <= (SELECT max(step) FROM verdictStep) - ?')
    .run(keptSteps);
  const kept = connection.prepare('SELECT count(*), total(changes) FROM verdictStep').raw();
  const forget = connection.prepare(
    'DELETE FROM verdictStep WHERE step = (SELECT min(step) FROM verdictStep)',
  );
  for (;;) {
    const [steps, changes] = kept.get() as [number, number];
    if (steps <= 1 || changes <= keptChanges) return;
    forget.run();
  }
}
