import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gatherDetectedSets, type DetectedData } from './detectedSets';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'detected-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** A folder of grey photos with COCO annotations. @param labels of the objects of each photo; null: the file does not name it. */
async function folder(name: string, labels: Record<string, string[] | null>): Promise<string> {
  const path = join(place, name);
  mkdirSync(path);
  const names = [...new Set(Object.values(labels).flatMap((own) => own ?? []))];
  const listed = Object.entries(labels).filter(([, own]) => own !== null);
  for (const photo of Object.keys(labels))
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'grey' } })
      .png()
      .toFile(join(path, photo));
  writeFileSync(
    join(path, 'annotations.json'),
    JSON.stringify({
      images: listed.map(([file_name], id) => ({ id, file_name })),
      annotations: listed.flatMap(([, own], image_id) =>
        own!.map((label) => ({ image_id, category_id: names.indexOf(label), bbox: [0, 0, 40, 40] })),
      ),
      categories: names.map((label, id) => ({ id, name: label })),
    }),
  );
  return path;
}

const detection = { scoreThreshold: 0.3, overlapThreshold: 0.5, maximumObjects: 10, minimumSide: 8 };
const classes = ['airplane', 'person'];
const gather = (id: string, ...ood: string[]): Promise<DetectedData> =>
  gatherDetectedSets({ id, ood, classes, minimumSide: 32 }, detection, new AbortController().signal);
const files = ({ photos }: DetectedData['id']): string[] => photos.map(({ file }) => file);

describe('photos that a detector is to box', () => {
  it('parts the ID folder by its annotations, whatever they call a class', async () => {
    const id = await folder('id', {
      'a.png': ['aeroplane', 'giraffe'],
      'b.png': ['woman', 'man'],
      'c.png': ['giraffe'],
      'empty.png': [],
      'helicopter.png': ['aircraft'],
      'unnamed.png': null,
    });
    const data = await gather(id);
    expect(files(data.id)).toEqual(['a.png', 'b.png']);
    expect(data.annotated).toEqual([1, 2]);
    // What could be a class is no OOD photo, and nor is one of which nobody said what it holds.
    expect(data.ood.map(files)).toEqual([['c.png', 'empty.png']]);
    expect(data.problems).toEqual([
      { file: id, reason: 'Photos of which no annotation says anything are not measured: 1' },
    ]);
  });

  it('takes a folder of other things at its word, but for photos that hold a class or could', async () => {
    const id = await folder('id', { 'a.png': ['airplane'] });
    const ood = await folder('others', {
      'a.png': ['aircraft'],
      'b.png': ['zebra', 'person'],
      'c.png': ['zebra'],
      'unnamed.png': null,
    });
    const data = await gather(id, ood);
    expect(data.ood.map(files)).toEqual([['c.png', 'unnamed.png']]);
    expect(data.removed).toEqual([
      { set: 'others', label: 'aircraft', objects: 1, reason: 'photos that could hold a known class' },
      { set: 'others', label: 'person', objects: 1, reason: 'photos that hold a known class' },
    ]);
    expect(data.problems).toEqual([]);
  });

  it('says so where no photo holds a class', async () => {
    await expect(gather(await folder('id', { 'a.png': ['zebra'] }))).rejects.toThrow(
      /has no photo with an annotated object of the class list/,
    );
  });
});
