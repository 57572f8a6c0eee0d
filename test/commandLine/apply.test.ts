import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ScanStore } from '../../extension/store/scanStore';
import { CommandLine } from './commandLine';
import { labelledSamples } from './labelledSamples';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

interface Coco {
  categories: { id: number; name: string }[];
  annotations: { id: number; category_id: number }[];
}

describe('uni-ood apply', { timeout: 240_000 }, () => {
  it('writes a copy of the annotations with the verdicts, which can be scanned, and leaves the original', async () => {
    const folder = labelledSamples(commandLine, 'labelled', ['cat.png', 'raccoon.jpg'], 2);
    const original = join(folder, 'annotations.json');
    const before = readFileSync(original, 'utf8');
    const copy = join(commandLine.place, 'reviewed.json');
    const apply = (...more: string[]) => commandLine.run('apply', folder, '--output', ...more);

    const unscanned = await apply(copy);
    expect([unscanned.status, unscanned.words]).toEqual([1, expect.stringMatching(/has not been scanned/)]);
    await commandLine.results(folder, '--boxes', 'annotations', '--classes', 'cat');
    const unreviewed = await apply(copy);
    expect([unreviewed.status, unreviewed.words]).toEqual([
      1,
      expect.stringMatching(/carries a verdict yet/),
    ]);

    const store = ScanStore.open(join(folder, '.uni-ood'));
    const [{ reference }] = store.summaries(folder);
    const verdicts = [
      { id: '1', decision: { verdict: 'ignored' } },
      { id: '3', decision: { verdict: 'ood', class: 'trash panda' } },
      { id: '4', decision: { verdict: 'id', class: 'cat' } },
    ] as const;
    store.decide(reference.scanId, verdicts, '2026-01-02T03:04:05Z');
    store.close();
    for (const [status, words, place] of [
      [1, /is the annotation file itself/, original],
      [2, /does not exist/, join(folder, 'nowhere/copy.json')],
      [2, /Expected a file or a folder/, '-'],
    ] as const) {
      const refused = await apply(place);
      expect(refused.words).toMatch(words);
      expect(refused.status).toBe(status);
    }
    expect(existsSync(copy)).toBe(false);

    const { status, words } = await apply(copy, '--keep-named');
    expect(status, words).toBe(0);
    expect(words).toBe(
      `Annotations dropped: 1; relabelled: 2. New classes: trash panda.\nWritten to ${copy}\n`,
    );
    const { categories, annotations } = JSON.parse(readFileSync(copy, 'utf8')) as Coco;
    const names = new Map(categories.map(({ id, name }) => [id, name]));
    expect(annotations.map(({ id, category_id }) => [id, names.get(category_id)])).toEqual([
      [2, 'cat'],
      [3, 'trash panda'],
      [4, 'cat'],
    ]);
    const again = await commandLine.results(folder, '--boxes', copy, '--classes', 'cat');
    expect(again.objects.map(({ id, label }) => [id, label])).toEqual([
      ['2', 'cat'],
      ['3', 'trash panda'],
      ['4', 'cat'],
    ]);
    expect(readFileSync(original, 'utf8')).toBe(before);
  });
});
