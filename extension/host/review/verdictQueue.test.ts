import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emitter } from 'vscode-jsonrpc';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RequestContract } from '../../protocol/contract';
import { decide, listScans, moveInHistory } from '../../protocol/engine';
import type { EngineState } from '../../protocol/review';
import type { DecisionChange, ScanSummary, VerdictStep } from '../../protocol/scan';
import { EngineStoppedError } from '../engineProcess/engineClient';
import { VerdictJournal } from './verdictJournal';
import { VerdictQueue, type StoredVerdicts } from './verdictQueue';

const reference = { folder: '/photos', scanId: 'scan-1' };
const summary = { reference } as ScanSummary;

/** What an engine was asked, and how it answers. */
class ScriptedEngine {
  readonly asked: { method: string; params: unknown }[] = [];
  readonly changed = new Emitter<EngineState>();
  readonly onDidChangeState = this.changed.event;
  state: EngineState = { kind: 'running' };
  /** Set: it takes a request and never answers. */
  isStalled = false;
  /** Set: what the next requests end with, one each. */
  readonly failures: Error[] = [];
  scans = [{ reference }];
  newer: DecisionChange[] = [];
  gone: string[] = [];

  async request<Params, Result>(contract: RequestContract<Params, Result>, params: Params): Promise<Result> {
    await Promise.resolve();
    if (contract.method !== listScans.method) this.asked.push({ method: contract.method, params });
    const failure = this.failures.shift();
    if (failure) throw failure;
    const { scanId } = (params as { reference?: typeof reference }).reference ?? {};
    if (scanId !== undefined && this.scans.every((scan) => scan.reference.scanId !== scanId))
      throw new Error('There is no such scan.');
    if (this.isStalled) return new Promise<Result>(() => undefined);
    const answers: Record<string, unknown> = {
      [listScans.method]: { scans: this.scans },
      [decide.method]: { summary, newer: this.newer, gone: this.gone },
      [moveInHistory.method]: { summary, changes: [{ id: 'a', decision: null }], elsewhere: 0 },
    };
    return answers[contract.method] as Result;
  }
}

let place: string;
let folder: string;
let engine: ScriptedEngine;
const warnings: string[] = [];
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'verdict-queue-'));
  folder = join(place, 'workspace', 'unsavedVerdicts');
  engine = new ScriptedEngine();
  warnings.length = 0;
});
afterEach(() => rmSync(place, { recursive: true }));

/** A window, with what it was told to be stored. @param processId of its extension host. */
function openWindow(processId = process.pid) {
  const journal = new VerdictJournal(folder, (sentence) => warnings.push(sentence), processId);
  const queue = new VerdictQueue(engine, journal);
  const stored: StoredVerdicts[] = [];
  const problems: string[] = [];
  const passedOver: number[] = [];
  queue.onDidStore((told) => stored.push(told));
  queue.onDidFail(({ problem }) => problems.push(problem));
  queue.onDidPassOver((verdicts) => passedOver.push(verdicts));
  const unsaved = async () => (await queue.unsaved(reference)).steps.map(({ id }) => id);
  return { queue, stored, problems, passedOver, unsaved };
}

const step = (id: string, object = 'a'): VerdictStep => ({
  id,
  changes: [{ id: object, decision: { verdict: 'ood' }, before: null }],
});
const given = (id: string, object = 'a') => ({ id: object, decision: { verdict: 'ood' }, step: id });
const leftBehind = (id: string, object = 'a') => ({ ...given(id, object), before: null });
const decided = (...changes: object[]) => ({ method: decide.method, params: { reference, changes } });
const moved = (direction: string, only?: string) => ({
  method: moveInHistory.method,
  params: { reference, direction, step: only },
});

describe('verdicts on their way to the engine', () => {
  it('are sent in order, undo and redo after what was given before, and told once they are stored', async () => {
    const { queue, stored, unsaved } = openWindow();
    queue.give(reference, step('first'));
    queue.give(reference, step('second', 'b'));
    const undone = queue.move(reference, 'undo');
    queue.give(reference, step('third', 'c'));
    expect(await unsaved()).toEqual(['first', 'second', 'third']);
    expect((await undone).changes).toEqual([{ id: 'a', decision: null }]);
    await vi.waitFor(() => expect(stored).toHaveLength(3));
    expect(engine.asked).toEqual([
      decided(given('first'), given('second', 'b')),
      moved('undo'),
      decided(given('third', 'c')),
    ]);
    expect(stored.map(({ saved }) => saved).sort()).toEqual([[], ['first', 'second'], ['third']]);
    expect(await unsaved()).toEqual([]);
  });

  it('are kept where they cannot be saved, with the reason, until they are tried again', async () => {
    const { queue, problems, unsaved } = openWindow();
    engine.failures.push(new Error('The disk is full.'));
    queue.give(reference, step('first'));
    await vi.waitFor(() => expect(problems).toEqual(['The disk is full.']));
    expect(await queue.unsaved(reference)).toMatchObject({ problem: 'The disk is full.' });
    expect((await queue.unsaved({ ...reference, scanId: 'other' })).problem).toBeNull();
    queue.saveAll();
    await vi.waitFor(async () => expect(await unsaved()).toEqual([]));
    expect((await queue.unsaved(reference)).problem).toBeNull();
  });

  it('are given to the next engine where one ends, under the same name', async () => {
    const { queue, stored } = openWindow();
    engine.failures.push(new EngineStoppedError('It stopped.', true));
    queue.give(reference, step('first'));
    engine.failures.push(new EngineStoppedError('It stopped.', true));
    await vi.waitFor(() => expect(stored).toHaveLength(1));
    expect(engine.asked).toEqual([1, 2, 3].map(() => decided(given('first'))));
  });

  it('wait for a person where the engine is not started again, and go to the one that then runs', async () => {
    const { queue, problems, unsaved } = openWindow();
    engine.failures.push(new EngineStoppedError('It stopped too often.', false));
    queue.give(reference, step('first'));
    await vi.waitFor(() => expect(problems).toHaveLength(1));
    engine.changed.fire({ kind: 'running' });
    await vi.waitFor(async () => expect(await unsaved()).toEqual([]));
  });

  it('are passed over where the object is gone, and hold up nothing', async () => {
    const { queue, stored, problems, passedOver, unsaved } = openWindow();
    engine.gone = ['a'];
    queue.give(reference, step('first'));
    queue.give(reference, step('second', 'b'));
    await vi.waitFor(() => expect(stored).toHaveLength(1));
    expect(stored[0].changes).toEqual([{ id: 'b', decision: { verdict: 'ood' } }]);
    expect(stored[0].saved).toEqual(['first', 'second']);
    expect([await unsaved(), problems, passedOver]).toEqual([[], [], [1]]);
  });

  it('are passed over where the scan was removed elsewhere, and hold up no other scan of the folder', async () => {
    const { queue, stored, problems, passedOver } = openWindow();
    const other = { ...reference, scanId: 'scan-2' };
    engine.scans = [{ reference: other }];
    queue.give(reference, step('first'));
    queue.give(reference, step('second', 'b'));
    queue.give(other, step('third'));
    await vi.waitFor(() => expect(stored.map(({ saved }) => saved)).toEqual([['third']]));
    expect([problems, passedOver]).toEqual([[], [2]]);
  });
});

describe('a step through the history', () => {
  it('is not asked for twice where nothing names it', async () => {
    const { queue } = openWindow();
    engine.failures.push(new EngineStoppedError('It stopped.', true));
    await expect(queue.move(reference, 'undo')).rejects.toThrow('It stopped.');
    expect(engine.asked).toEqual([moved('undo')]);
  });

  it('of a verdict that waited is asked for again, and then done only where its turn is', async () => {
    const { queue } = openWindow();
    queue.give(reference, step('first'));
    const undone = queue.move(reference, 'undo');
    const redone = queue.move(reference, 'redo');
    // The verdict is answered, the undo is not.
    const request = engine.request.bind(engine);
    let ends = 1;
    engine.request = (contract, params) => {
      if (contract.method === moveInHistory.method && ends-- > 0)
        engine.failures.push(new EngineStoppedError('It stopped.', true));
      return request(contract, params);
    };
    await Promise.all([undone, redone]);
    expect(engine.asked).toEqual([
      decided(given('first')),
      moved('undo'),
      moved('undo', 'first'),
      moved('redo'),
    ]);
  });
});

describe('verdicts that a window leaves behind', () => {
  /** A window that is closed while the engine stalls. */
  async function closeWhileStalled(work: (queue: VerdictQueue) => void): Promise<void> {
    const { queue } = openWindow();
    engine.isStalled = true;
    work(queue);
    await queue.dispose();
    engine.isStalled = false;
    engine.asked.length = 0;
  }

  it('are taken up by the next, unless objects carry something newer, and undone if they were', async () => {
    await closeWhileStalled((queue) => {
      queue.give(reference, step('first'));
      queue.give(reference, step('second', 'b'));
      void queue.move(reference, 'undo');
    });
    engine.newer = [{ id: 'a', decision: { verdict: 'ignored' } }];
    const { queue, stored } = openWindow();
    queue.give(reference, step('third', 'c'));
    await vi.waitFor(() => expect(stored).toHaveLength(3));
    expect(engine.asked).toEqual([
      decided(leftBehind('first'), leftBehind('second', 'b')),
      moved('undo', 'second'),
      decided(given('third', 'c')),
    ]);
    expect(stored[0].changes).toEqual([
      { id: 'a', decision: { verdict: 'ood' } },
      { id: 'b', decision: { verdict: 'ood' } },
      { id: 'a', decision: { verdict: 'ignored' } },
    ]);
  });

  it('wait until an engine runs, and none is started for them', async () => {
    await closeWhileStalled((queue) => queue.give(reference, step('first')));
    engine.state = { kind: 'starting' };
    const { stored, unsaved } = openWindow();
    expect(await unsaved()).toEqual(['first']);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(engine.asked).toEqual([]);
    engine.changed.fire({ kind: 'running' });
    await vi.waitFor(() => expect(stored).toHaveLength(1));
  });

  it('are gone once they are saved, and each that is saved alone', async () => {
    await closeWhileStalled((queue) => queue.give(reference, step('first')));
    const next = openWindow();
    await vi.waitFor(async () => expect(await next.unsaved()).toEqual([]));
    await next.queue.dispose();
    expect(readdirSync(folder)).toEqual([]);

    const third = openWindow();
    third.queue.give(reference, step('second'));
    await vi.waitFor(() => expect(third.stored).toHaveLength(1));
    engine.isStalled = true;
    third.queue.give(reference, step('third'));
    await third.queue.dispose();
    expect(await openWindow().unsaved()).toEqual(['third']);
    expect(warnings).toEqual([]);
  });

  it('are taken up by a window that is open already, after what waits there', async () => {
    const other = openWindow(process.ppid);
    engine.isStalled = true;
    other.queue.give(reference, step('first'));
    const { queue, unsaved } = openWindow();
    queue.give(reference, step('second', 'b'));
    queue.saveAll();
    expect(await unsaved(), 'its window lives').toEqual(['second']);
    await other.queue.dispose();
    engine.changed.fire({ kind: 'running' });
    expect(await unsaved()).toEqual(['second', 'first']);
    expect(warnings).toEqual([]);
  });

  it('are read up to a line that was torn', async () => {
    await closeWhileStalled((queue) => queue.give(reference, step('first')));
    appendFileSync(join(folder, readdirSync(folder)[0]), '\n{"kind":"verdicts","refer');
    engine.state = { kind: 'starting' };
    const next = openWindow();
    expect(await next.unsaved()).toEqual(['first']);
    engine.isStalled = true;
    next.queue.give(reference, step('second'));
    await next.queue.dispose();
    expect(await openWindow().unsaved()).toEqual(['first', 'second']);
  });

  it('are dropped where the scan was removed, and hold up no other scan of the folder', async () => {
    await closeWhileStalled((queue) => queue.give(reference, step('first')));
    const other = { ...reference, scanId: 'scan-2' };
    engine.scans = [{ reference: other }];
    const { queue, stored, unsaved } = openWindow();
    queue.give(other, step('second'));
    await vi.waitFor(() => expect(stored.map(({ saved }) => saved)).toEqual([['second']]));
    expect(await unsaved()).toEqual([]);
  });
});
