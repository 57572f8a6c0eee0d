import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StudiedSet } from './evaluateFolders';
import { detectorThreshold, gatherDetectedSets, type DetectedData } from './detectedSets';

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
    expect(data.annotated).toEqual(
      new Map([
        ['a.png', [0]],
        ['b.png', [1, 1]],
        ['c.png', []],
        ['empty.png', []],
        ['helicopter.png', []],
        ['unnamed.png', []],
      ]),
    );
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

describe("the detector's threshold", () => {
  const detections = [
    { score: 0.9, label: 'person' },
    { score: 0.8, label: null },
    { score: 0.75, label: null },
    { score: 0.7, label: 'person' },
  ];
  const studied = {
    objects: detections.map(({ score, label }) => ({
      ...{ label, detectionScore: score },
      studied: { predicted: [1] },
    })),
    measured: ['a.png'],
  } as unknown as StudiedSet;
  const threshold = (annotated: [string, number[]][]): number =>
    detectorThreshold(studied, new Map(annotated), classes, 0);

  it('does not miss the objects of photos that were not measured, as those that tuning has seen', () => {
    // Of one object F1 is best at .9; of 21 it would be at .7.
    expect(threshold([['a.png', [1]]])).toBe(0.9);
    expect(
      threshold([
        ['a.png', [1]],
        ['tuned.png', Array<number>(20).fill(1)],
      ]),
    ).toBe(0.9);
  });
});
