import { afterAll, describe, expect, it } from 'vitest';
import type { Results } from '../../extension/protocol/results';
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

describe('an exported COCO file', () => {
  it('gives back the objects that the detector found: ids, boxes, scores', async () => {
    const folder = commandLine.samples('detected', ['cat.png', 'coffee.jpg', 'coins.png', 'temple.jpg']);
    const first = await commandLine.results(folder, '--classes', 'voc');
    expect(first.objects.some(({ detectionScore }) => detectionScore !== null)).toBe(true);
    const second = await throughCoco(folder);
    expect(substance(second)).toEqual(substance(first));
  });

  it('gives back labels and ids of a dataset, and the δ calibrated on them', async () => {
    const labelled = ['cat.png', 'quokka.jpg', 'motorcycle.jpg'] as const;
    const folder = commandLine.samples('labelled', labelled);
    annotateSamples(folder, labelled, 12);
    const first = await commandLine.results(folder, '--boxes', 'annotations', '--classes', 'cat,motorcycle');
    expect(first.threshold.source).toBe('calibrated');
    expect(first.objects.some(({ label }) => label === 'quokka')).toBe(true);
    const second = await throughCoco(folder);
    expect(substance(second)).toEqual(substance(first));
  });
});
