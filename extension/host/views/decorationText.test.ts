import { expect, it } from 'vitest';
import { scanSummary } from '../../../test/fixtures/scanSummary';
import { english } from '../../protocol/localisation';
import { newestByFolder, unreviewedText } from './decorationText';

const badge = (flagged: number, reviewedFlagged: number): string | undefined =>
  unreviewedText(scanSummary({ flagged, reviewedFlagged }), english)?.badge;

it('the badge counts flagged objects without a verdict, in the two characters there are', () => {
  expect(badge(12, 9)).toBe('3');
  expect(badge(99, 0)).toBe('99');
  expect(badge(1203, 142)).toBe('9+');
});

it('there is none where all are reviewed, or δ moved below what was', () => {
  expect(badge(12, 12)).toBeUndefined();
  expect(badge(0, 0)).toBeUndefined();
});

it('the whole count is told', () => {
  const tooltip = (flagged: number) =>
    unreviewedText(scanSummary({ flagged, reviewedFlagged: 0 }), english)?.tooltip;
  expect(tooltip(1)).toBe('1 flagged object not reviewed');
  expect(tooltip(1203)).toBe('1,203 flagged objects not reviewed');
});

it('a folder is told by its newest scan', () => {
  const scans = ['/a 3', '/b 2', '/a 1'].map((name) => {
    const [folder, scanId] = name.split(' ');
    return scanSummary({ reference: { folder, scanId } });
  });
  expect([...newestByFolder(scans).values()].map(({ reference }) => reference.scanId).sort()).toEqual([
    '2',
    '3',
  ]);
});
