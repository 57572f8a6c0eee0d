import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VerdictJournal, type JournalEntry } from './verdictJournal';

/** Two windows that live, and one that does not. */
const here = process.pid;
const beside = process.ppid;
const gone = spawnSync(process.execPath, ['-e', '']).pid;

let place: string;
let folder: string;
const warnings: string[] = [];
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'verdict-journal-'));
  folder = join(place, 'unsavedVerdicts');
  warnings.length = 0;
});
afterEach(() => {
  expect(warnings).toEqual([]);
  rmSync(place, { recursive: true });
});

const journalOf = (processId: number) =>
  new VerdictJournal(folder, (sentence) => warnings.push(sentence), processId);

const entry = (id: string): JournalEntry => ({
  kind: 'verdicts',
  reference: { folder: '/photos', scanId: 'scan-1' },
  step: { id, changes: [{ id: 'a', decision: { verdict: 'ood' }, before: null }] },
});
const idsOf = (entries: readonly JournalEntry[]) =>
  entries.map((each) => (each.kind === 'move' ? each.id : each.step.id));
/** Resolves when all that was said to it is written: it has nothing of others to take. */
const written = (journal: VerdictJournal) => journal.takeUp();
const text = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

describe('what waits to be saved', () => {
  it('is of each window that lives, whatever others on the workspace do', async () => {
    const one = journalOf(here);
    const other = journalOf(beside);
    one.add(entry('first'));
    other.add(entry('second'));
    expect(await one.takeUp()).toEqual([]);
    expect(await other.takeUp()).toEqual([]);
    one.remove(['first']);
    await written(one);
    await other.release();
    expect(idsOf(await one.takeUp())).toEqual(['second']);
  });

  it('is taken from a window that is gone by one alone', async () => {
    const left = journalOf(gone);
    const ids = Array.from({ length: 50 }, (_, at) => `step ${at}`);
    for (const id of ids) left.add(entry(id));
    left.remove(['step 7']);
    await written(left);
    const taken = await Promise.all([journalOf(here).takeUp(), journalOf(beside).takeUp()]);
    expect(taken.flatMap(idsOf)).toEqual(ids.filter((id) => id !== 'step 7'));
  });

  it('outlives a second window that is gone, wherever that ended while it took it up', async () => {
    const left = journalOf(gone);
    left.add(entry('first'));
    left.add(entry('second'));
    await written(left);
    const before = join(place, 'before');
    cpSync(folder, before, { recursive: true });
    const next = journalOf(gone);
    expect(idsOf(await next.takeUp())).toEqual(['first', 'second']);
    next.remove(['first']);
    await written(next);
    // The file that it took was copied to its own, and not removed.
    cpSync(before, folder, { recursive: true });
    expect(idsOf(await journalOf(here).takeUp())).toEqual(['second']);
    expect(text()).toHaveLength(1);
  });

  it('may still change after its window released it', async () => {
    const closing = journalOf(beside);
    closing.add(entry('first'));
    closing.add(entry('second'));
    await closing.release();
    closing.remove(['first']);
    closing.add(entry('third'));
    await written(closing);
    const next = journalOf(here);
    expect(idsOf(await next.takeUp())).toEqual(['second', 'third']);
    closing.add(entry('late'));
    await written(closing);
    expect(idsOf(await next.takeUp())).toEqual(['late']);
  });

  it('leaves no file once nothing waits, and one that does not grow while something does', async () => {
    const journal = journalOf(here);
    journal.add(entry('stays'));
    for (let at = 0; at < 700; at++) {
      journal.add(entry(`step ${at}`));
      journal.remove([`step ${at}`]);
    }
    await written(journal);
    expect(text().map((lines) => lines.trim().split('\n').length < 1100)).toEqual([true]);
    await journal.release();
    const next = journalOf(here);
    expect(idsOf(await next.takeUp())).toEqual(['stays']);
    next.remove(['stays']);
    await written(next);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken although a file beside it cannot be read', async () => {
    const left = journalOf(beside);
    left.add(entry('first'));
    await left.release();
    writeFileSync(join(folder, '1-unreadable.txt'), 'of somebody else');
    mkdirSync(join(folder, 'left-folder.jsonl'));
    expect(idsOf(await journalOf(here).takeUp())).toEqual(['first']);
    expect(warnings.splice(0).join()).toContain('EISDIR');
  });
});
