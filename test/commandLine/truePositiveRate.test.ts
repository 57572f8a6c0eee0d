import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../extension/protocol/results';
import type { ScanSummary } from '../../extension/protocol/scan';
import { ScanStore } from '../../extension/store/scanStore';
import { CommandLine, type Ended } from './commandLine';
import { labelledSamples } from './labelledSamples';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

describe('uni-ood scan --true-positive-rate', () => {
  let folder: string;
  /** Of the labelled objects, ascending; there are twenty-four. */
  let scores: number[];
  const run = (...options: string[]): Promise<Ended> =>
    commandLine.run('scan', folder, '--classes', 'voc', '--boxes', 'annotations', ...options);
  const threshold = async (...options: string[]): Promise<Results['threshold']> => {
    const { status, output, words } = await run('--output', '-', ...options);
    expect(status, words).toBe(0);
    return (JSON.parse(output) as Results).threshold;
  };
  const stored = (): ScanSummary[] => {
    const store = ScanStore.open(join(folder, '.uni-ood'));
    const summaries = store.summaries(folder);
    store.close();
    return summaries;
  };

  beforeAll(async () => {
    folder = labelledSamples(commandLine, 'kept', ['astronaut.jpg', 'cat.png', 'boats.jpg'], 8);
    const options = ['--classes', 'voc', '--boxes', 'annotations'];
    const { objects } = await commandLine.results(folder, ...options);
    scores = objects.map(({ score }) => score).sort((a, b) => a - b);
    expect(scores).toHaveLength(24);
  });

  it('calibrates the stored scan at another rate, and keeps to it', async () => {
    const [before] = stored();
    // Of 24 objects 23 are 95 % or more.
    expect(await threshold()).toMatchObject({ value: scores[1], truePositiveRate: 23 / 24 });
    expect(await threshold('--true-positive-rate', '90')).toMatchObject({
      value: scores[2],
      source: 'calibrated',
      truePositiveRate: 22 / 24,
    });
    expect(await threshold()).toMatchObject({ value: scores[2] });
    expect(await threshold('--true-positive-rate', '62.5')).toMatchObject({
      value: scores[9],
      truePositiveRate: 15 / 24,
    });
    const scans = stored();
    expect(scans.map(({ reference }) => reference)).toEqual([before.reference]);
    expect(scans[0]).toMatchObject({ createdAt: before.createdAt, threshold: { calibratedAt: 0.625 } });
  });

  it('takes back a δ of an earlier run, and not the one beside it', async () => {
    await threshold('--threshold', '0.5');
    expect(await threshold()).toMatchObject({ value: 0.5, source: 'user' });
    expect(await threshold('--true-positive-rate', '100')).toMatchObject({ value: scores[0] });
    const both = await threshold('--true-positive-rate', '95', '--threshold', '0.5');
    expect(both).toMatchObject({ value: 0.5, source: 'user' });
    expect(await threshold('--threshold', 'auto')).toMatchObject({ value: scores[1] });
  });

  it('begins with 95 again where everything is forgotten', async () => {
    await threshold('--true-positive-rate', '90');
    expect(await threshold('--fresh')).toMatchObject({ value: scores[1] });
  });

  it.each(['0', '-5', '100.1', 'most', ''])('refuses %j before it scans', async (percent) => {
    const { status, words } = await run('--true-positive-rate', percent);
    expect(status).toBe(2);
    expect(words).toContain('Expected a percentage above 0 and up to 100, such as 99.');
  });

  it('says where nothing was calibrated', async () => {
    const plain = commandLine.samples('plain', ['cat.png']);
    const { status, words } = await commandLine.run(
      ...['scan', plain, '--classes', 'voc', '--true-positive-rate', '99'],
    );
    expect(status, words).toBe(0);
    expect(words).toContain('No true-positive rate is in force: that takes 20 annotated objects');
  });
});
