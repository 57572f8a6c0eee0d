import { describe, expect, it } from 'vitest';
import type { BoundingBox } from '../../protocol/results';
import type { ScoredBox } from '../../store/scoredBoxes';
import { matchScans, type MatchedScan } from './matchScans';

/** Objects as `[file, box]`; the same file and box have the same key. */
function scan(photos: Record<string, string>, ...objects: [string, BoundingBox][]): MatchedScan {
  return {
    photos: new Map(Object.entries(photos)),
    objects: objects.map(([file, bbox], at): ScoredBox => ({
      id: `object-${at}`,
      decisionKey: [file, photos[file], ...bbox].join(),
      file,
      bbox,
      score: 0,
      predictedClass: 0,
    })),
  };
}

const box = (x: number, width = 10): BoundingBox => [x, 0, width, 10];

describe('objects of two scans', () => {
  it('are the same where file, bytes and box are, wherever they stand in the scans', () => {
    const photos = { 'a.jpg': '1', 'b.jpg': '2' };
    const { pairs, onlyHere, onlyThere } = matchScans(
      scan(photos, ['a.jpg', box(0)], ['b.jpg', box(0)]),
      scan(photos, ['b.jpg', box(0)], ['b.jpg', box(50)], ['a.jpg', box(0)]),
    );
    expect(pairs).toEqual([
      { here: 0, there: 2, overlap: 1 },
      { here: 1, there: 0, overlap: 1 },
    ]);
    expect(onlyHere).toEqual([]);
    expect(onlyThere).toEqual([1]);
  });

  it('are the same where boxes overlap by half, the largest overlap first, each once', () => {
    const photos = { 'a.jpg': '1' };
    // Beside the box at 0: the box at 1 overlaps it by 9/11, the one at 3 by 7/13. The box at 4 overlaps the latter by 9/11.
    const { pairs, onlyHere, onlyThere } = matchScans(
      scan(photos, ['a.jpg', box(0)], ['a.jpg', box(4)], ['a.jpg', box(40)]),
      scan(photos, ['a.jpg', box(3)], ['a.jpg', box(1)], ['a.jpg', box(44)]),
    );
    expect(pairs.map(({ here, there }) => [here, there])).toEqual([
      [0, 1],
      [1, 0],
    ]);
    for (const { overlap } of pairs) expect(overlap).toBeCloseTo(9 / 11, 12);
    // 6/14 is less than half.
    expect(onlyHere).toEqual([2]);
    expect(onlyThere).toEqual([2]);
  });

  it('with the same box are no longer free for another one that overlaps it', () => {
    const photos = { 'a.jpg': '1' };
    const { pairs, onlyHere } = matchScans(
      scan(photos, ['a.jpg', box(1)], ['a.jpg', box(0)]),
      scan(photos, ['a.jpg', box(0)]),
    );
    expect(pairs).toEqual([{ here: 1, there: 0, overlap: 1 }]);
    expect(onlyHere).toEqual([0]);
  });

  it('of other photos are never the same', () => {
    const photos = { 'a.jpg': '1', 'b.jpg': '2' };
    const { pairs } = matchScans(scan(photos, ['a.jpg', box(0)]), scan(photos, ['b.jpg', box(0)]));
    expect(pairs).toEqual([]);
  });

  it('are compared only in photos that both scans hold with the same bytes', () => {
    const { photos, pairs, onlyHere, onlyThere } = matchScans(
      scan(
        { 'a.jpg': '1', 'edited.jpg': '2', 'not yet.jpg': '3' },
        ...['a.jpg', 'edited.jpg', 'not yet.jpg'].map((file): [string, BoundingBox] => [file, box(0)]),
      ),
      scan(
        { 'a.jpg': '1', 'edited.jpg': '4', 'gone.jpg': '5', 'gone too.jpg': '6' },
        ...['a.jpg', 'edited.jpg', 'gone.jpg'].map((file): [string, BoundingBox] => [file, box(0)]),
      ),
    );
    expect(photos).toEqual({ compared: 1, onlyHere: 1, onlyThere: 2, changed: 1 });
    expect(pairs).toEqual([{ here: 0, there: 0, overlap: 1 }]);
    expect(onlyHere).toEqual([]);
    expect(onlyThere).toEqual([]);
  });
});
