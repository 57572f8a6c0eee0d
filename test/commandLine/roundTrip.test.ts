import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DecisionChange } from '../../extension/protocol/scan';
import type { Results } from '../../extension/protocol/results';
import { ScanStore } from '../../extension/store/scanStore';
import { annotateSamples } from '../fixtures/annotatedSamples';
import { CommandLine } from './commandLine';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

/** Results without what tells one scan from another. */
function substance({ objects, images, classes, threshold }: Results): object {
  return { objects, images, classes, threshold };
}

/** Exports a folder's last scan as COCO, and scans the folder again with these boxes and classes. */
async function throughCoco(folder: string): Promise<Results> {
  const file = `${folder}.json`;
  const { status, words } = await commandLine.run('export', folder, '--format', 'coco', '--output', file);
  expect(status, words).toBe(0);
  return commandLine.results(folder, '--boxes', file, '--classes', file);
}

/** Several scans on a busy machine. */
const timeout = 240_000;

describe('an exported COCO file', { timeout }, () => {
  it('gives back the objects that the detector found: ids, boxes, scores', async () => {
    const folder = commandLine.samples('detected', ['cat.png', 'coffee.jpg']);
    const first = await commandLine.results(folder, '--classes', 'voc');
    expect(first.objects.some(({ detectionScore }) => detectionScore !== null)).toBe(true);
    const second = await throughCoco(folder);
    expect(substance(second)).toEqual(substance(first));
  });

  it('gives back labels and ids of a dataset, and the δ calibrated on them', async () => {
    const labelled = ['cat.png', 'raccoon.jpg', 'boats.jpg'] as const;
    const folder = commandLine.samples('labelled', labelled);
    annotateSamples(folder, labelled, 12);
    const first = await commandLine.results(folder, '--boxes', 'annotations', '--classes', 'cat,boat');
    expect(first.threshold.source).toBe('calibrated');
    expect(first.objects.some(({ label }) => label === 'raccoon')).toBe(true);
    const second = await throughCoco(folder);
    expect(substance(second)).toEqual(substance(first));
  });
});

describe('verdicts in an exported COCO file', { timeout }, () => {
  it('come back with their classes and times, and give way to those that were given here', async () => {
    const folder = commandLine.samples('judged', ['cat.png', 'coffee.jpg', 'boats.jpg']);
    const [first, second, third] = (await commandLine.results(folder, '--classes', 'voc')).objects;
    const given = '2026-01-02T03:04:05.678Z';
    judge(folder, given, [
      { id: first.id, decision: { verdict: 'ood', class: 'espresso, doppio' } },
      { id: second.id, decision: { verdict: 'id', class: 'cat' } },
      { id: third.id, decision: { verdict: 'ignored' } },
    ]);
    const file = join(commandLine.place, 'judged.json');
    await commandLine.run('export', folder, '--format', 'coco', '--output', file);
    const elsewhere = join(commandLine.place, 'elsewhere');
    cpSync(folder, elsewhere, { recursive: true });
    rmSync(join(elsewhere, '.uni-ood'), { recursive: true });
    const again = (): Promise<Results> =>
      commandLine.results(elsewhere, '--boxes', file, '--classes', 'coco');
    const decisions = async () =>
      Object.fromEntries((await again()).objects.map(({ id, decision }) => [id, decision]));
    expect(await decisions()).toMatchObject({
      [first.id]: { verdict: 'ood', class: 'espresso, doppio', at: given },
      [second.id]: { verdict: 'id', class: 'cat', at: given },
      [third.id]: { verdict: 'ignored', at: given },
    });
    const later = '2026-02-03T04:05:06.789Z';
    judge(elsewhere, later, [{ id: first.id, decision: { verdict: 'ignored' } }]);
    const { objects } = await commandLine.results(elsewhere, '--boxes', file, '--classes', 'voc');
    expect(objects.find(({ id }) => id === first.id)?.decision).toEqual({ verdict: 'ignored', at: later });
  });
});

/** Gives verdicts in the folder's last scan. */
function judge(folder: string, at: string, changes: readonly DecisionChange[]): void {
  const store = ScanStore.open(join(folder, '.uni-ood'));
  store.decide(store.summaries(folder)[0].reference.scanId, changes, at);
  store.close();
}

describe('exported YOLO labels', { timeout }, () => {
  const labels = (folder: string, output: string, ...more: string[]) =>
    commandLine.run('export', folder, '--format', 'yolo', '--output', output, ...more);

  it('give back the boxes and classes of what was not flagged', async () => {
    const folder = commandLine.samples('in', ['cat.png', 'coffee.jpg']);
    const { objects } = await commandLine.results(folder, '--classes', 'voc', '--threshold', '0.14');
    const kept = objects.filter(({ flagged }) => !flagged);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(objects.length);
    const output = join(commandLine.place, 'yolo');
    const { status, words } = await labels(folder, output);
    expect(status, words).toBe(0);
    expect(words).toContain(`of ${objects.length} written to`);
    const again = await commandLine.results(folder, '--boxes', output, '--classes', 'voc');
    expect(again.objects.map(({ image, bbox, label }) => [image, bbox, label])).toEqual(
      kept.map(({ image, bbox, predictedClass }) => [image, bbox, predictedClass]),
    );
    const second = await labels(folder, output);
    expect(second.status).toBe(1);
    expect(second.words).toMatch(/has labels already/);
  });

  it('are refused before any work on standard output, for a file, and for some of the objects', async () => {
    writeFileSync(join(commandLine.place, 'taken'), '');
    mkdirSync(join(commandLine.place, 'empty'));
    for (const [words, output, ...more] of [
      [/several files; name a folder/, '-'],
      [/taken is a file; name a folder/, 'taken'],
      [/The folder .*nowhere does not exist/, 'nowhere/yolo'],
      [/Leave --only away/, 'yolo-2', '--only', 'flagged'],
    ] as const) {
      const refused = await labels('empty', output, ...more);
      expect(refused.status).toBe(2);
      expect(refused.words).toMatch(words);
    }
    expect(existsSync(join(commandLine.place, 'yolo-2'))).toBe(false);
  });
});
