import { describe, expect, it } from 'vitest';
import type { ScanSnapshot } from '../../protocol/scan';
import { photoSide } from './reportPictures';
import { withoutPlaces } from './withoutPlaces';

describe('a report', () => {
  it('has the smaller photos the more there are, and never none', () => {
    const limit = 100 * 2 ** 20;
    const sides = [10, 400, 900, 2000, 100_000].map((photos) => photoSide(photos, photos, limit));
    expect(sides[0]).toBe(1280);
    expect(sides).toEqual([...sides].sort((a, b) => b - a));
    expect(new Set(sides).size).toBeGreaterThan(2);
    expect(sides.at(-1)).toBe(480);
  });

  it.each([
    ['COCO boxes (/home/someone/photos/annotations/a.json)', 'COCO boxes (photos/annotations/a.json)'],
    ['COCO boxes (/elsewhere/of someone/a.json)', 'COCO boxes (a.json)'],
    ['detector', 'detector'],
  ])('names no place of this computer: %s', (boxesOrigin, shown) => {
    const folder = '/home/someone/photos';
    const named = { file: '/home/someone/photos/a.json', reason: 'In /home/someone/photos/a.json' };
    const summary = {
      reference: { folder, scanId: 's' },
      boxesOrigin,
      annotations: { format: 'COCO', named: '/elsewhere/of someone/a.json' },
      settings: { boxes: '/elsewhere/of someone/a.json', model: '/home/someone/towers' },
      combiner: { sha256: '', folder: '/home/someone/tuned', objects: 1 },
    };
    const snapshot = { summary, leftOut: [named], unreadable: [] } as unknown as ScanSnapshot;
    const { summary: told, leftOut } = withoutPlaces(snapshot);
    expect(told.boxesOrigin).toBe(shown);
    expect(told.reference).toEqual({ folder: 'photos', scanId: 's' });
    expect(JSON.stringify([told, leftOut])).not.toContain('someone');
  });
});
