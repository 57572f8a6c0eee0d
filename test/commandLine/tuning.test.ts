import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  combinerHeaderSchema,
  readCombinerFile,
  writeCombinerFile,
  type CombinerHeader,
} from '../../extension/hub/combinerFile';
import { readSafetensors } from '../../extension/hub/safetensors';
import type { Results } from '../../extension/protocol/results';
import type { DecisionChange } from '../../extension/protocol/scan';
import { ScanStore } from '../../extension/store/scanStore';
import { annotateSamples, swappedNames } from '../fixtures/annotatedSamples';
import { drawnCombiner } from '../fixtures/drawnCombiner';
import { CommandLine, ended, repository, type Ended } from './commandLine';
import { labelledSamples } from './labelledSamples';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

const classes = 'person,cat,boat';
const known = ['astronaut.jpg', 'photographer.jpg', 'cat.png', 'boats.jpg'] as const;

function headerOf(path: string): CombinerHeader {
  const { metadata } = readSafetensors(readFileSync(path));
  return combinerHeaderSchema.parse(JSON.parse(metadata.header));
}

describe('tuning on a folder', () => {
  let folder: string;
  let tuned: Ended;
  let combiner: string;

  beforeAll(async () => {
    const files = [...known, 'raccoon.jpg', 'rocket.jpg'];
    folder = labelledSamples(commandLine, 'shots', files, 4, swappedNames);
    combiner = join(folder, '.uni-ood/combiner.safetensors');
    tuned = await commandLine.run('tune', folder, '--classes', classes, '--shots', '3');
  });

  it('counts, names classes with too few, and says what it came to', () => {
    expect(tuned.status).toBe(0);
    expect(tuned.words).toMatch(/Tuning on 9 objects of 3 classes; \d+ held out, 8 of other labels/);
    expect(tuned.words).toMatch(/untuned {2}AUROC \d+\.\d/);
    expect(tuned.words).toMatch(/tuned {4}AUROC \d+\.\d/);
  });

  it('writes a combiner that says what it was made of, where it leads', () => {
    expect(tuned.words).toMatch(/leads on the other half in (9\d|100) % of the ways/);
    expect(tuned.words).toMatch(/Written to .*combiner\.safetensors\. Scan with it: --combiner /);
    const header = headerOf(combiner);
    expect(header).toMatchObject({
      classes: ['person', 'cat', 'boat'],
      tunedOn: { folder: 'shots', shots: 3, objects: 9, seed: 1 },
    });
    const { untuned, tuned: gained } = header.figures;
    expect(gained.separation).toBeGreaterThan(untuned.separation + 0.1);
    expect(header.advantage!.lead).toBeGreaterThanOrEqual(0.9);
  });

  it('leaves the combiner in force and its report where a later tuning gains nothing', async () => {
    const report = join(folder, '.uni-ood/combiner.md');
    const before = [readFileSync(combiner), readFileSync(report)];
    annotateSamples(folder, [...known], 4); // by their own names the model knows them already
    const { status, words } = await commandLine.run('tune', folder, '--classes', classes, '--shots', '3');
    expect(status).toBe(0);
    expect(words).toMatch(/leads on the other half in 0 % of the ways/);
    expect(words).toMatch(/does not tell them apart better .* so it was not written/);
    expect([readFileSync(combiner), readFileSync(report)]).toEqual(before);
    expect(readFileSync(join(folder, '.uni-ood/combiner-not-kept.md'), 'utf8')).toMatch(/was not kept/);
  });
});

describe('a tuned combiner', () => {
  let path: string;
  let folder: string;
  beforeAll(async () => {
    path = join(commandLine.place, 'drawn.safetensors');
    await drawnCombiner(path, join(repository, 'models/embedded'));
    folder = labelledSamples(commandLine, 'to-scan', ['cat.png', 'raccoon.jpg']);
  });

  it('changes scores, is recorded with them, and is another scan', async () => {
    const options = ['--classes', classes, '--boxes', 'annotations'];
    const plain = await commandLine.results(folder, ...options);
    const withIt = await commandLine.results(folder, ...options, '--combiner', path);
    expect(withIt.configuration.combiner).toMatchObject({ folder: 'drawn', objects: 4 });
    expect(plain.configuration.combiner).toBeUndefined();
    expect(withIt.objects.map(({ id }) => id)).toEqual(plain.objects.map(({ id }) => id));
    expect(withIt.objects.some(({ score }, at) => score !== plain.objects[at].score)).toBe(true);
  });

  it('is refused by another model, and when it is damaged', async () => {
    const other = join(commandLine.place, 'other.safetensors');
    const { header, tensors } = await readCombinerFile(path);
    const bundle = { id: 'clip-vit-base-patch16', version: '1', sha256: '0'.repeat(64) };
    await writeCombinerFile(other, { ...header, bundle }, tensors);
    const refused = await commandLine.run('scan', folder, '--classes', classes, '--combiner', other);
    expect(refused.status).toBe(1);
    expect(refused.words).toMatch(/was tuned on the model clip-vit-base-patch16 1; this is micro-v4/);

    const damaged = join(commandLine.place, 'damaged.safetensors');
    writeFileSync(damaged, readFileSync(path).subarray(0, 5000));
    const broken = await commandLine.run('scan', folder, '--classes', classes, '--combiner', damaged);
    expect(broken.status).toBe(1);
    expect(broken.words).toMatch(/damaged\.safetensors is not a combiner file/);
  });

  it('stays in force when a later tuning is interrupted', async () => {
    const shots = labelledSamples(commandLine, 'interrupted', known);
    const before = readFileSync(path);
    const child = commandLine.start(['tune', shots, '--classes', classes, '--shots', '3', '--output', path]);
    const end = ended(child);
    await once(child.stderr!, 'data'); // it has counted and goes to work
    child.kill('SIGINT');
    const { status, words } = await end;
    expect(status).toBe(130);
    expect(words).toContain('Cancelled. Nothing was written; the combiner that was there stays.');
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('verdicts of a review as labels', () => {
  let folder: string;

  /** Gives every object of the folder's scan the verdict that a photo says. */
  function review(objects: Results['objects']): void {
    const store = ScanStore.open(join(folder, '.uni-ood'));
    const [{ reference }] = store.summaries(folder);
    const decisions = objects.map(({ id, image }): DecisionChange => {
      const label = labels[image];
      return { id, decision: label ? { verdict: 'id', class: label } : { verdict: 'ood' } };
    });
    store.decide(reference.scanId, decisions, new Date().toISOString());
    store.close();
  }
  /** A reviewer's names, which the model does not know its objects by. */
  const labels: Record<string, string> = {
    'astronaut.jpg': 'cat',
    'photographer.jpg': 'cat',
    'cat.png': 'boat',
    'boats.jpg': 'person',
  };

  const report = (): string => readFileSync(join(folder, '.uni-ood/combiner.md'), 'utf8');

  beforeAll(() => {
    folder = labelledSamples(commandLine, 'reviewed', [...known, 'raccoon.jpg']);
  });

  it('are missed where nothing was reviewed', async () => {
    const { status, words } = await commandLine.run('tune', folder, '--reviewed');
    expect(status).toBe(1);
    expect(words).toMatch(/No object of .*reviewed was said to be in distribution in a review/);
  });

  it('take the classes of the scan, and count objects of both verdicts', async () => {
    const { objects } = await commandLine.results(folder, '--classes', classes, '--boxes', 'annotations');
    review(objects);
    rmSync(join(folder, 'annotations.json'));
    const { status, words } = await commandLine.run('tune', folder, '--reviewed', '--shots', '3');
    expect(status).toBe(0);
    expect(words).toMatch(/Tuning on 9 objects of 3 classes; \d+ held out, 4 of other labels/);
    expect(report()).toContain('verdicts of its review');
    expect(report()).toContain('![Loss](combiner-loss.svg)');
    expect(readFileSync(join(folder, '.uni-ood/combiner-loss.svg'), 'utf8')).toMatch(/^<svg/);
  });

  it('of photos that changed since are left out, and said to be', async () => {
    writeFileSync(join(folder, 'raccoon.jpg'), readFileSync(join(folder, 'cat.png')));
    const { status, words } = await commandLine.run('tune', folder, '--reviewed', '--shots', '3');
    expect(status).toBe(0);
    expect(words).toMatch(/0 of other labels/);
    expect(report()).toMatch(/raccoon\.jpg.*changed since it was reviewed/);
  });
});

describe('labels that do not serve', () => {
  const tune = (folder: string, ...options: string[]): Promise<Ended> =>
    commandLine.run('tune', folder, ...options);

  it('one class alone', async () => {
    const folder = labelledSamples(commandLine, 'one-class', ['cat.png']);
    const { status, words } = await tune(folder, '--classes', classes);
    expect(status).toBe(1);
    expect(words).toMatch(/too few labels to tune on: only cat of 3 classes has/);
  });

  it('labels outside the class list', async () => {
    const folder = labelledSamples(commandLine, 'outside', ['raccoon.jpg', 'rocket.jpg']);
    const { status, words } = await tune(folder, '--classes', classes);
    expect(status).toBe(1);
    expect(words).toMatch(/none of 3 classes has/);
  });

  it('one object a class', async () => {
    const folder = labelledSamples(commandLine, 'one-each', ['cat.png', 'boats.jpg'], 1);
    const { status, words } = await tune(folder, '--classes', classes);
    expect(status).toBe(1);
    expect(words).toMatch(/two classes with two objects each/);
  });

  it('boxes that are all too small', async () => {
    const folder = labelledSamples(commandLine, 'small', ['cat.png', 'boats.jpg']);
    const path = join(folder, 'annotations.json');
    const coco = JSON.parse(readFileSync(path, 'utf8')) as { annotations: { bbox: number[] }[] };
    for (const annotation of coco.annotations) annotation.bbox = [10, 10, 20, 20];
    writeFileSync(path, JSON.stringify(coco));
    const { status, words } = await tune(folder, '--classes', classes);
    expect(status).toBe(1);
    expect(words).toMatch(/No labelled object of 32 pixels or more was found/);
  });

  it('no labels at all', async () => {
    const folder = commandLine.samples('unlabelled', ['cat.png']);
    const { status, words } = await tune(folder, '--classes', classes);
    expect(status).toBe(1);
    expect(words).toMatch(/No annotations were found in/);
  });
});
