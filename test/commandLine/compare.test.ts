import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonFile } from '../../extension/protocol/comparison';
import type { Results } from '../../extension/protocol/results';
import { CommandLine, repository } from './commandLine';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

describe('two scans of a folder', { timeout: 240_000 }, () => {
  let folder: string;
  let first: Results;
  let second: Results;

  beforeAll(async () => {
    folder = commandLine.samples('photos', ['cat.png', 'coffee.jpg']);
    first = await commandLine.results(folder, '--classes', 'voc');
    const alone = await commandLine.run('compare', folder);
    expect(alone.status).toBe(1);
    expect(alone.words).toContain('nothing to compare it with');
    second = await commandLine.results(folder, '--classes', 'giraffe,toaster', '--threshold', '0.9');
  }, 240_000);

  it('are exported, either by its name', async () => {
    const listed = await commandLine.run('export', folder, '--scan', 'no-such');
    expect(listed.status).toBe(1);
    const ids = listed.words.match(/(?<=^ {2})\S+/gm)!;
    expect(ids).toHaveLength(2);
    for (const [id, { objects }] of [
      [ids[0], second],
      [ids[1], first],
    ] as const) {
      const { output } = await commandLine.run('export', folder, '--scan', id.slice(0, 12));
      expect((JSON.parse(output) as Results).objects).toEqual(objects);
    }
  });

  it('are compared, the last with the one before, as a table and as JSON of the published schema', async () => {
    const { status, output, words } = await commandLine.run('compare', folder, '--output', '-');
    expect(status, words).toBe(0);
    const comparison = JSON.parse(output) as ComparisonFile;
    const schema = JSON.parse(
      readFileSync(join(repository, 'docs/schemas/comparison.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv({ validateFormats: false }).compile(schema);
    expect(validate(comparison), JSON.stringify(validate.errors)).toBe(true);
    expect(comparison.a.classes).toEqual(['giraffe', 'toaster']);
    // The same detector boxed the same objects.
    expect(new Set(comparison.compared.map(({ a }) => a?.id))).toEqual(
      new Set(second.objects.map(({ id }) => id)),
    );
    for (const { a, b } of comparison.compared) {
      const here = second.objects.find(({ id }) => id === a?.id);
      const there = first.objects.find(({ id }) => id === b?.id);
      expect([a?.score, a?.flagged]).toEqual([here?.score, here?.flagged]);
      expect([b?.score, b?.flagged, b?.predictedClass]).toEqual([
        there?.score,
        there?.flagged,
        there?.predictedClass,
      ]);
    }
    const flagged = first.objects.filter((object) => object.flagged).length;
    expect(comparison.objects).toMatchObject({
      flaggedInBoth: flagged,
      flaggedInAOnly: second.objects.length - flagged,
      flaggedInBOnly: 0,
      keptInBoth: 0,
    });
    expect(words).toMatch(/2 images in both\./);
    expect(words).toMatch(/flagged in A\s+\d+\s+\d+/);
  });

  it('are chosen by their ids; names of none are refused with the list of those there are', async () => {
    const { output } = await commandLine.run('compare', folder, '--output', '-', '--quiet');
    const { a, b } = JSON.parse(output) as ComparisonFile;
    const swapped = await commandLine.run(
      ...['compare', folder, '--scan', b.id.slice(0, 8), '--with', a.id, '--output', '-', '--quiet'],
    );
    expect(swapped.words).toBe('');
    expect((JSON.parse(swapped.output) as ComparisonFile).a.id).toBe(b.id);
    const { status, words } = await commandLine.run('compare', folder, '--with', 'nonsense');
    expect(status).toBe(1);
    expect(words).toContain('No scan of the folder has the id nonsense');
    expect(words).toContain(a.id);
  });
});
