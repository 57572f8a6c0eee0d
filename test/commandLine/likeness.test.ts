import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { snapshotScan, listScans } from '../../extension/protocol/engine';
import { decodeUint32 } from '../../extension/protocol/columns';
import { groupByLikeness, notCompared } from '../../extension/protocol/likeness';
import { ScanStore } from '../../extension/store/scanStore';
import { CommandLine } from './commandLine';
import { startEngine, type KillableEngine } from './killableEngine';

const commandLine = new CommandLine();
let folder: string;
let engine: KillableEngine;

/** Two photos, and each once more in another folder. */
beforeAll(async () => {
  folder = commandLine.samples('photos', ['cat.png', 'rocket.jpg']);
  cpSync(join(folder, 'cat.png'), join(folder, 'again/cat.png'));
  cpSync(join(folder, 'rocket.jpg'), join(folder, 'again/rocket.jpg'));
  await commandLine.results(folder, '--classes', 'voc');
}, 240_000);
afterAll(() => commandLine.dispose());

/** The objects by group: the photos they lie in, of each group as a sorted list. */
async function grouped(): Promise<string[][]> {
  engine = await startEngine(commandLine.place);
  try {
    const { scans } = await engine.connection.request(listScans, { folders: [folder] });
    const { reference } = scans[0];
    const { columns } = await engine.connection.request(snapshotScan, reference);
    const { compared, groups } = await engine.connection.request(groupByLikeness, reference);
    const alike = decodeUint32(groups);
    const files = decodeUint32(columns.fileIndex);
    expect(alike.length).toBe(columns.count);
    expect(compared).toBe(alike.filter((group) => group !== notCompared).length);
    const lists = new Map<number, string[]>();
    alike.forEach((group, row) => {
      if (group === notCompared) return;
      expect(alike[group]).toBe(group); // who stands for a group is of it
      lists.set(group, [...(lists.get(group) ?? []), columns.files[files[row]]]);
    });
    return [...lists.values()].map((list) => list.sort());
  } finally {
    engine.kill();
    await engine.exited;
    engine.connection.dispose();
  }
}

function change(sql: string): void {
  const store = ScanStore.open(join(folder, '.uni-ood'));
  store.connection.exec(sql);
  store.close();
}

it('puts an object and its copy in one group, and keeps the groups for the next engine', async () => {
  const groups = await grouped();
  // Every object has a copy of the same pixels, which is with it.
  for (const files of groups)
    expect(files.filter((file) => file.startsWith('again'))).toHaveLength(files.length / 2);
  const names = groups.map((files) => new Set(files.map((file) => basename(file))));
  expect(names).toContainEqual(new Set(['cat.png']));
  expect(names).toContainEqual(new Set(['rocket.jpg']));
  change('DELETE FROM embedding'); // they cannot be made again
  expect(await grouped()).toEqual(groups);
});

it('has none of a scan that was made before likeness was stored', async () => {
  change('DELETE FROM embedding; DELETE FROM keptLikeness');
  expect(await grouped()).toEqual([]);
});
