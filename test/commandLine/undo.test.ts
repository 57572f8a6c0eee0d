import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decide, moveInHistory, snapshotScan } from '../../extension/protocol/engine';
import { decodeUint8 } from '../../extension/protocol/columns';
import type { HistoryAnswer, HistoryDirection } from '../../extension/protocol/scan';
import { inventedScanId, inventScan, startEngine, type KillableEngine } from './killableEngine';

let place: string;
let folder: string;
let engine: KillableEngine;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'undo-'));
  folder = mkdtempSync(join(place, 'photos-'));
  await inventScan(folder, place, ['a', 'b', 'c']);
  engine = await startEngine(place);
});
afterEach(async () => {
  await end();
  rmSync(place, { recursive: true });
});

async function end(): Promise<void> {
  engine.kill();
  await engine.exited;
  engine.connection.dispose();
}

const reference = () => ({ folder, scanId: inventedScanId });
const give = (ids: string[], verdict: 'ood' | 'ignored') =>
  engine.connection.request(decide, {
    reference: reference(),
    changes: ids.map((id) => ({ id, decision: { verdict } })),
  });
const move = (direction: HistoryDirection): Promise<HistoryAnswer> =>
  engine.connection.request(moveInHistory, { reference: reference(), direction });
/** 0 none, 1 out of distribution, 3 ignored. */
const carried = async (): Promise<number[]> => {
  const { columns } = await engine.connection.request(snapshotScan, reference());
  return [...decodeUint8(columns.verdict)];
};

it('goes on where it was, however often the engine is killed between the steps', async () => {
  await give(['a'], 'ood');
  await give(['b', 'c'], 'ignored');
  await give(['a'], 'ignored');
  const afterwards: number[][] = [];
  for (const direction of ['undo', 'undo', 'undo', 'redo', 'redo', 'redo'] as const) {
    await end();
    engine = await startEngine(place);
    await move(direction);
    afterwards.push(await carried());
  }
  expect(afterwards).toEqual([
    [1, 3, 3],
    [1, 0, 0],
    [0, 0, 0],
    [1, 0, 0],
    [1, 3, 3],
    [3, 3, 3],
  ]);
});

it('answers with the objects that changed and the counts, and with nothing where there is no step', async () => {
  await give(['b', 'c'], 'ood');
  expect((await move('undo')).changes).toEqual([
    { id: 'b', decision: null },
    { id: 'c', decision: null },
  ]);
  expect(await move('undo')).toMatchObject({ changes: [], elsewhere: 0, summary: { objects: 3 } });
  expect((await move('redo')).changes).toHaveLength(2);
  await give(['a'], 'ignored');
  expect(await move('redo')).toMatchObject({ changes: [], elsewhere: 0 });
});
