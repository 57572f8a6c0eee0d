import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decide } from '../../extension/protocol/engine';
import { inventedScanId, inventScan, openStore, startEngine } from './killableEngine';

const kills = 20;
const verdictsALife = 50;

let place: string;
let folder: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'killed-'));
  folder = mkdtempSync(join(place, 'photos-'));
});
afterEach(() => rmSync(place, { recursive: true }));

/**
 * One life of an engine: all verdicts are sent at once, and the process is killed a random moment after a random
 * number of answers.
 *
 * @returns the objects whose verdict was acknowledged.
 */
async function decideUntilKilled(ids: readonly string[]): Promise<string[]> {
  const engine = await startEngine(place);
  const acknowledged: string[] = [];
  const lastAnswer = 1 + Math.floor(Math.random() * (verdictsALife - 10));
  const answers = ids.map((id) =>
    engine.connection
      .request(decide, {
        reference: { folder, scanId: inventedScanId },
        changes: [{ id, decision: { verdict: 'ood', class: `name ${id}` } }],
      })
      .then(() => {
        acknowledged.push(id);
        if (acknowledged.length === lastAnswer) setTimeout(engine.kill, Math.random() * 3);
      }),
  );
  void Promise.allSettled(answers);
  await engine.exited;
  engine.connection.dispose();
  return acknowledged;
}

it('loses no acknowledged verdict when the engine is killed twenty times among a thousand', async () => {
  const ids = Array.from({ length: kills * verdictsALife }, (_, index) => `object-${index}`);
  await inventScan(folder, place, ids);
  const acknowledged: string[] = [];
  for (let life = 0; life < kills; life++)
    acknowledged.push(
      ...(await decideUntilKilled(ids.slice(life * verdictsALife, (life + 1) * verdictsALife))),
    );
  const store = await openStore(folder, place);
  const stored = new Map(
    store.connection
      .prepare('SELECT id, class FROM object JOIN decision USING (decisionKey) WHERE scan = ?')
      .raw()
      .all(inventedScanId) as [string, string][],
  );
  store.close();
  expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
  expect(acknowledged.filter((id) => stored.get(id) !== `name ${id}`)).toEqual([]);
});

it('commits to the disk itself, so that a machine that loses power keeps what was acknowledged', async () => {
  const store = await openStore(folder, place);
  expect(store.connection.prepare('PRAGMA synchronous').raw().get()).toEqual([2]);
  store.close();
});
