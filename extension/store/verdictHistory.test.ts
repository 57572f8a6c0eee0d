import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishedImage, finishedObject, newScan } from '../../test/fixtures/inventedRecords';
import type { DecisionChange } from '../protocol/scan';
import { databaseName } from './database';
import { migrations } from './migrations';
import { readObject } from './objectQueries';
import { ScanStore } from './scanStore';
import { keptChanges, keptSteps } from './verdictHistory';

const noon = '2026-01-02T12:00:00.000Z';
const one = '2026-01-02T13:00:00.000Z';
const nothing = { changes: [], elsewhere: 0 };

let directory: string;
let store: ScanStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'history-'));
  store = ScanStore.open(directory);
  addScan('scan-1', ['a', 'b', 'c']);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

function reopen(): void {
  store.close();
  store = ScanStore.open(directory);
}

function addScan(id: string, objects: readonly string[]): void {
  store.beginScan(newScan({ id }), noon);
  const scored = objects.map((object) => finishedObject(object, 0.25, { decisionKey: object }));
  store.recordImage(id, finishedImage('a.jpg', 0), scored);
}

const out = (id: string, step?: string): DecisionChange => ({ id, decision: { verdict: 'ood' }, step });
const decide = (...changes: DecisionChange[]) => store.decide('scan-1', changes, noon);
const undo = (scan = 'scan-1') => store.moveInHistory(scan, 'undo');
const redo = (scan = 'scan-1') => store.moveInHistory(scan, 'redo');
const carried = (id: string) => readObject(store.connection, 'scan-1', id).decision;
const rowsOf = (table: string): number =>
  (store.connection.prepare(`SELECT count(*) FROM ${table}`).raw().get() as [number])[0];

describe('the history of verdicts', () => {
  it('goes back to exactly what was, and forth again, over restarts', () => {
    store.decide('scan-1', [{ id: 'a', decision: { verdict: 'ood', class: 'forklift' } }], noon);
    store.decide('scan-1', [{ id: 'a', decision: { verdict: 'id', class: 'cat' } }], one);
    decide({ id: 'a', decision: null });
    reopen();
    expect(undo()).toEqual({
      changes: [{ id: 'a', decision: { verdict: 'id', class: 'cat' } }],
      elsewhere: 0,
    });
    expect(carried('a')).toEqual({ verdict: 'id', class: 'cat', at: one });
    undo();
    expect(carried('a')).toEqual({ verdict: 'ood', class: 'forklift', at: noon });
    expect(undo()).toEqual({ changes: [{ id: 'a', decision: null }], elsewhere: 0 });
    expect(undo()).toEqual(nothing);
    reopen();
    redo();
    redo();
    expect(carried('a')).toEqual({ verdict: 'id', class: 'cat', at: one });
    redo();
    expect(carried('a')).toBeNull();
    expect(redo()).toEqual(nothing);
  });

  it('takes the changes of a step together, and each step by itself', () => {
    decide(out('a', 'first'), out('b', 'first'), out('c', 'second'));
    expect(undo().changes).toEqual([{ id: 'c', decision: null }]);
    expect(undo().changes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(undo()).toEqual(nothing);
    expect(redo().changes.map(({ id }) => id)).toEqual(['a', 'b']);
    decide(out('c'), { id: 'c', decision: { verdict: 'ignored' } });
    expect(undo().changes, 'an object that changed twice in a step').toEqual([{ id: 'c', decision: null }]);
    expect(redo().changes).toEqual([{ id: 'c', decision: { verdict: 'ignored' } }]);
  });

  it('forgets what was undone once there is a new verdict', () => {
    decide(out('a'));
    decide(out('b'));
    undo();
    decide(out('c'));
    expect(redo()).toEqual(nothing);
    expect(undo().changes).toEqual([{ id: 'c', decision: null }]);
    expect(undo().changes).toEqual([{ id: 'a', decision: null }]);
    expect(carried('b')).toBeNull();
  });

  it('tells nothing newer of an object that a later step of the same changes writes', () => {
    decide({ id: 'a', decision: { verdict: 'id', class: 'cat' } });
    const answer = decide(
      { ...out('a', 'left'), before: null },
      { id: 'a', decision: { verdict: 'ignored' } },
    );
    expect(answer.newer).toEqual([]);
    expect(carried('a')?.verdict).toBe('ignored');
  });

  it('does nothing for a scan that is gone', () => {
    decide(out('a'));
    expect(() => undo('scan-0')).toThrow('not stored any more');
    expect(carried('a')?.verdict).toBe('ood');
    expect(undo().changes).toEqual([{ id: 'a', decision: null }]);
  });

  it('has no step for the same verdict once more', () => {
    decide(out('a'));
    undo();
    decide({ id: 'b', decision: null });
    expect(redo().changes, 'what was undone is kept').toEqual([{ id: 'a', decision: { verdict: 'ood' } }]);
    store.decide('scan-1', [out('a')], one);
    expect(undo().changes).toEqual([{ id: 'a', decision: null }]);
  });

  it('passes over an object that is gone, tells it, and stores the rest', () => {
    const answer = decide(
      out('a', 'first'),
      out('nobody', 'first'),
      out('nobody', 'second'),
      out('b', 'third'),
    );
    expect(answer).toEqual({ newer: [], gone: ['nobody', 'nobody'] });
    expect(undo().changes).toEqual([{ id: 'b', decision: null }]);
    expect(undo().changes).toEqual([{ id: 'a', decision: null }]);
    expect(undo()).toEqual(nothing);
  });

  it('has a step that is sent again once, also where it was undone since', () => {
    decide(out('a', 'first'), out('b', 'first'));
    decide(out('a', 'first'), out('b', 'first'), out('c', 'second'));
    expect(rowsOf('verdictStep')).toBe(2);
    undo();
    decide(out('c', 'second'));
    expect(carried('c')).toBeNull();
    expect(redo().changes).toEqual([{ id: 'c', decision: { verdict: 'ood' } }]);
  });

  it('passes over an object that carries something newer or is gone, and tells the newer', () => {
    decide({ id: 'a', decision: { verdict: 'id', class: 'cat' } });
    const unlessNewer = (id: string): DecisionChange => ({ ...out(id, 'late'), before: null });
    const { newer, gone } = store.decide(
      'scan-1',
      [unlessNewer('a'), unlessNewer('b'), unlessNewer('nobody'), unlessNewer('c')],
      noon,
    );
    expect(newer).toEqual([{ id: 'a', decision: { verdict: 'id', class: 'cat' } }]);
    expect(gone).toEqual(['nobody']);
    expect(undo().changes.map(({ id }) => id)).toEqual(['b', 'c']);
    const sameClass = { ...out('a'), before: { verdict: 'id', class: 'cat' } } as const;
    expect(store.decide('scan-1', [{ ...sameClass, before: { verdict: 'id' } }], noon).newer).toHaveLength(1);
    expect(store.decide('scan-1', [sameClass], noon).newer).toEqual([]);
    expect(carried('a')?.verdict).toBe('ood');
  });

  it('undoes and redoes a named step only when its turn is', () => {
    decide(out('a', 'first'), out('b', 'second'));
    const move = (direction: 'undo' | 'redo', step: string) =>
      store.moveInHistory('scan-1', direction, step).changes.map(({ id }) => id);
    expect(move('undo', 'first')).toEqual([]);
    expect(move('undo', 'second')).toEqual(['b']);
    expect(move('undo', 'second'), 'once').toEqual([]);
    expect(move('undo', 'first')).toEqual(['a']);
    expect(move('redo', 'second')).toEqual([]);
    expect(move('redo', 'first')).toEqual(['a']);
    expect([carried('a')?.verdict, carried('b')]).toEqual(['ood', null]);
  });

  it('is one for all scans of the folder, and tells of objects that a scan does not have', () => {
    addScan('scan-2', ['b', 'd']);
    store.decide('scan-2', [out('b', 'both'), out('d', 'both')], noon);
    expect(undo()).toEqual({ changes: [{ id: 'b', decision: null }], elsewhere: 1 });
    expect(readObject(store.connection, 'scan-2', 'd').decision).toBeNull();
    expect(redo('scan-2').changes.map(({ id }) => id)).toEqual(['b', 'd']);
    store.removeScan('scan-2');
    undo();
    expect(carried('b')).toBeNull();
  });

  it('is bounded in steps', () => {
    const verdicts = ['ood', 'ignored'] as const;
    decide(
      ...Array.from({ length: keptSteps + 5 }, (_, at) => ({
        id: 'a',
        decision: { verdict: verdicts[at % 2] },
        step: `step ${at}`,
      })),
    );
    expect([rowsOf('verdictStep'), rowsOf('verdictChange')]).toEqual([keptSteps, keptSteps]);
  });

  it('is bounded in changes, but keeps the last step whole', () => {
    decide(out('a'));
    decide(out('b'));
    const large = store.connection.prepare('UPDATE verdictStep SET changes = ? WHERE step = 2');
    large.run(keptChanges);
    decide({ id: 'b', decision: { verdict: 'ood' } }, out('c'));
    expect(rowsOf('verdictStep')).toBe(1);
    expect(undo().changes).toEqual([{ id: 'c', decision: null }]);
  });

  it('begins with a store that had none, whose verdicts stay', () => {
    decide(out('a'));
    const own = migrations.findIndex((migration) => migration.includes('CREATE TABLE verdictStep'));
    store.connection.exec(
      `DROP TABLE verdictChange; DROP TABLE verdictStep; DROP INDEX objectByDecisionKey;
       ALTER TABLE scan DROP COLUMN thresholdPerClass; ALTER TABLE scan DROP COLUMN calibrationClasses;
       ALTER TABLE scan DROP COLUMN settings; ALTER TABLE scan DROP COLUMN annotations; DROP TABLE keptColumns;
       DROP TABLE embedding; DROP TABLE keptLikeness;
       ALTER TABLE scan DROP COLUMN truePositiveRate; DROP TABLE tunedPicture;
       PRAGMA user_version = ${own}`,
    );
    reopen();
    expect(undo()).toEqual(nothing);
    expect(carried('a')?.verdict).toBe('ood');
    const older = new Database(join(directory, databaseName));
    expect(older.prepare('PRAGMA user_version').raw().get()).toEqual([migrations.length]);
    older.close();
  });
});
