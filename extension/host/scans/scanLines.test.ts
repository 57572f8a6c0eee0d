import { expect, it } from 'vitest';
import { scanSummary } from '../../../test/fixtures/scanSummary';
import { english } from '../../protocol/localisation';
import { comparableFolders, scanLines } from './scanLines';

it('scans to choose from are told by their model, their time and what else they were made with', () => {
  const combiner = { sha256: 'c', folder: 'zoo', objects: 40 };
  const [plain, tuned] = scanLines([scanSummary(), scanSummary({ combiner })], english);
  expect(plain).toMatchObject({ label: 'micro 2', detail: '2 classes: cat, dog · Boxes: detector' });
  expect(plain.description).toMatch(/2026.* · 1 flagged$/);
  expect(tuned.detail).toContain('Combiner: tuned on 40 objects of zoo');
});

it('folders can be compared that have several scans, each once', () => {
  const scans = ['/a', '/b', '/a', '/c', '/a', '/c'].map((folder) =>
    scanSummary({ reference: { folder, scanId: 'id' } }),
  );
  expect(comparableFolders(scans)).toEqual(['/a', '/c']);
});
