import { describe, expect, it, vi } from 'vitest';
import type { ScanSnapshot } from '../../protocol/scan';
import { writeReport } from './writeReport';

vi.mock('./reportPage', async (original) => ({
  ...(await original<object>()),
  reportPage: () => Promise.resolve({ begin: '<begin>', end: '<end>' }),
}));

describe('a report that is too large', () => {
  it('is refused in words that say how much fits', async () => {
    const summary = {
      reference: { folder: '/photos', scanId: 's' },
      boxesOrigin: '',
      annotations: null,
      combiner: null,
    };
    const contents = {
      ...{ generator: 'g', createdAt: '2026-01-02T03:04:05Z', only: 'all' as const },
      snapshot: { summary, leftOut: [], unreadable: [] } as unknown as ScanSnapshot,
      likeness: { compared: 0, groups: '' },
      objects: Array.from({ length: 9 }, (_, at) => ({ id: String(at), image: 'a.jpg' })),
      detailOf: (id: string) =>
        Promise.resolve({
          id,
          file: 'x'.repeat(2 ** 19),
          crop: null,
          photo: null,
          classScores: [],
          maps: {},
        } as never),
    };
    const done: number[] = [];
    const text = writeReport(
      contents,
      (count) => done.push(count),
      new AbortController().signal,
      2 * 2 ** 20,
    );
    const read = async () => {
      for await (const part of text) expect(part.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow(/larger than 2 MB: 3 of 9 objects fit\. Choose/);
    expect(done).toEqual([1, 2, 3]);
  });
});
