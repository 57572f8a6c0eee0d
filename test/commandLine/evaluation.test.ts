import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluationReportSchema, type EvaluationReport } from '../../extension/protocol/evaluation';
import { CommandLine, type Ended } from './commandLine';
import { swappedNames } from '../fixtures/annotatedSamples';
import { labelledSamples } from './labelledSamples';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

const classes = 'person,cat,boat';
const known = ['astronaut.jpg', 'photographer.jpg', 'cat.png', 'boats.jpg'] as const;
let runs = 0;

async function evaluate(...options: string[]): Promise<{ run: Ended; folder: string }> {
  const folder = join(commandLine.place, `report-${++runs}`);
  return { run: await commandLine.run('evaluate', '--output', folder, ...options), folder };
}

function reportIn(folder: string): EvaluationReport {
  return evaluationReportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));
}

describe('evaluating on folders', () => {
  it('measures every method on every set, with intervals, and writes tables and plots', async () => {
    const id = labelledSamples(commandLine, 'id', known);
    const animals = labelledSamples(commandLine, 'animals', ['raccoon.jpg', 'cat.png']);
    const things = labelledSamples(commandLine, 'things', ['rocket.jpg', 'coffee.jpg']);
    const { run, folder } = await evaluate(
      '--id',
      id,
      '--ood',
      animals,
      things,
      '--classes',
      classes,
      '--ablate',
    );
    expect(run.words).toBe('');
    expect(run.status).toBe(0);
    const { comparison, removed } = reportIn(folder);
    expect(comparison.idObjects).toBe(16);
    expect(comparison.oodSets).toEqual([
      { name: 'animals', objects: 4, pictures: 1 },
      { name: 'things', objects: 8, pictures: 2 },
    ]);
    expect(removed).toEqual([expect.objectContaining({ set: 'animals', label: 'cat', objects: 4 })]);
    const ids = comparison.methods.map(({ method }) => method.id);
    expect(ids).toEqual(
      expect.arrayContaining(['maxCosine', 'mcm', 'glMcm', 'runa', 'uniOod', 'literal', 'noInterImage']),
    );
    // The model brings a combiner, which its scans do not use.
    const nameOf = (id: string): string | undefined =>
      comparison.methods.find(({ method }) => method.id === id)?.method.name;
    expect(nameOf('uniOod')).toBe('UNI-OOD, training-free');
    expect(nameOf('generic')).toBe('UNI-OOD, generic combiner');
    expect(nameOf('noConvolutions')).toBeUndefined(); // nothing without a combiner
    for (const { sets, average } of comparison.methods)
      for (const { figures, intervals } of [...sets, average]) {
        expect(figures.auroc.mean).toBeGreaterThanOrEqual(0);
        expect(figures.auroc.mean).toBeLessThanOrEqual(1);
        expect(intervals.auroc[0]).toBeLessThanOrEqual(intervals.auroc[1]);
      }
    expect(readdirSync(folder).sort()).toEqual([
      'report.csv',
      'report.json',
      'report.md',
      'roc-1.svg',
      'roc-2.svg',
      'scores.svg',
    ]);
    expect(readFileSync(join(folder, 'roc-1.svg'), 'utf8')).toMatch(/^<svg [^]*GL-MCM[^]*<\/svg>$/);
    expect(run.output).toContain('| max cosine |');
  });

  it('takes objects of other labels in the ID folder where no OOD folder is named', async () => {
    const id = labelledSamples(commandLine, 'mixed', ['cat.png', 'astronaut.jpg', 'raccoon.jpg']);
    const { folder } = await evaluate('--id', id, '--classes', classes);
    expect(reportIn(folder).comparison.oodSets).toEqual([
      { name: 'other objects of mixed', objects: 4, pictures: 1 },
    ]);
  });

  it('measures whole photos on the level of images', async () => {
    const id = labelledSamples(commandLine, 'photos', known);
    const ood = commandLine.samples('unlabelled', ['rocket.jpg', 'coins.png', 'galaxies.jpg']);
    const { folder } = await evaluate('--id', id, '--ood', ood, '--classes', classes, '--boxes', 'image');
    const { comparison } = reportIn(folder);
    expect([comparison.idObjects, comparison.oodSets[0].objects]).toEqual([4, 3]);
  });

  it('never measures a photo that tuning has seen, whatever it is called', async () => {
    const id = labelledSamples(commandLine, 'measured', [...known, 'raccoon.jpg']);
    const shots = labelledSamples(commandLine, 'tuned-on', ['cat.png', 'boats.jpg']);
    const options = ['--classes', classes, '--shots', '2', '--seeds', '2'];
    const { folder } = await evaluate('--id', id, '--tune', shots, ...options);
    const { comparison, tuning, photosLeftOut } = reportIn(folder);
    expect(tuning).toMatchObject({ shots: 2, seeds: 2 });
    expect(photosLeftOut).toBe(2);
    expect(comparison.idObjects).toBe(8); // those of the two persons
    const tuned = comparison.methods.find(({ method }) => method.id === 'tuned')!;
    expect(tuned.seeds).toBe(2);
    // By their own names the model knows them already: nothing is kept, and the form without a combiner is measured.
    expect(tuning!.runs.map(({ seed, kept }) => [seed, kept])).toEqual([
      [1, false],
      [2, false],
    ]);
    const untuned = comparison.methods.find(({ method }) => method.id === 'uniOod')!;
    expect(tuned.average.figures.auroc).toEqual({ ...untuned.average.figures.auroc, deviation: 0 });
  });

  it('measures what tuning kept, a trained whole for its parts, and a combiner from a file', async () => {
    const files = [...known, 'raccoon.jpg'] as const;
    const id = labelledSamples(commandLine, 'by-other-names', files, 4, swappedNames);
    const shots = labelledSamples(commandLine, 'shots', known, 6, swappedNames);
    // The same photo in other bytes is not one that tuning has seen, and the folder has four to halve.
    const photo = join(shots, 'photographer.jpg');
    writeFileSync(photo, await sharp(photo).jpeg({ quality: 80 }).toBuffer());
    const path = join(commandLine.place, 'own.safetensors');
    await commandLine.run('tune', shots, '--classes', classes, '--shots', '3', '--output', path);
    const tuning = ['--tune', shots, '--shots', '3', '--ablate', '--combiner', path];
    const { run, folder } = await evaluate('--id', id, '--classes', classes, ...tuning);
    expect(run.words).toBe('');
    const report = reportIn(folder);
    expect(report.tuning!.runs).toMatchObject([{ seed: 1, kept: true }]);
    expect(report.combiner).toMatchObject({ file: path, folder: 'shots', objects: 9 });
    expect(report.photosLeftOut).toBe(3);
    const method = (name: string): EvaluationReport['comparison']['methods'][number] =>
      report.comparison.methods.find(({ method }) => method.id === name)!;
    // The same shots, seed and threads: the file holds what tuning gave here.
    expect(method('combiner').average.figures).toEqual(method('tuned').average.figures);
    expect(method('combiner').accuracy).toEqual(method('tuned').accuracy);
    expect(method('tuned').accuracy!.mean).toBeGreaterThan(method('uniOod').accuracy!.mean);
    expect(method('trained').average.difference?.to).toBe('uniOod');
    expect(method('noTargetAlignment').average.difference?.to).toBe('trained');
    expect(run.output).toMatch(/\| 1 \| .* \| yes \|/);
  }, 180_000);
});

describe('folders that do not serve', () => {
  it.each([
    [
      'the same folder twice',
      (id: string) => ['--ood', id],
      /is named as ID and as OOD\. Name no OOD folder/,
    ],
    ['nothing outside the list', () => [], /holds no labelled object outside the class list/],
  ])('%s', async (_name, ood, reason) => {
    const id = labelledSamples(commandLine, 'alone', ['cat.png']);
    const { run } = await evaluate('--id', id, ...ood(id), '--classes', classes);
    expect(run.status).toBe(1);
    expect(run.words).toMatch(reason);
  });

  it('nothing of the list', async () => {
    const id = labelledSamples(commandLine, 'foreign', ['raccoon.jpg']);
    const { run } = await evaluate('--id', id, '--classes', classes);
    expect(run.status).toBe(1);
    expect(run.words).toMatch(/holds no object of the class list/);
  });

  it('tuning that has seen everything', async () => {
    const id = labelledSamples(commandLine, 'seen', ['cat.png', 'boats.jpg', 'raccoon.jpg']);
    const { run } = await evaluate('--id', id, '--tune', id, '--shots', '2', '--classes', classes);
    expect(run.status).toBe(1);
    expect(run.words).toMatch(/Tuning has seen every photo of .*seen, so nothing is left/);
  });
});
