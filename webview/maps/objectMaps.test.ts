import { describe, expect, it } from 'vitest';
import type { ObjectMaps } from '../../extension/protocol/scan';
import { highestPlace, prepareMap, type PreparedMap } from './objectMaps';

const maps: ObjectMaps = {
  grid: [2, 2],
  betaIntra: [0.2, 0.5, 0.1, 0.1, 0.1],
  muTarget: [0.25, 0.1, 0.2, 0.3, 0],
  omegaTarget: [0.05, 0.05, 0.02, 0.03, 0],
  betaInter: [0.1, 0.1, 0.1, 0.1, 0.6],
  muBackground: null,
  omegaBackground: [0.1, 0.1, 0.1, 0.1, 0.6],
};
const drawn = (
  kind: 'attention' | 'alignment' | 'combined',
  ground: 'object' | 'background' = 'object',
): PreparedMap => prepareMap(maps, kind, ground, 'cat') as PreparedMap;

describe('preparing a map', () => {
  it('shows attention in even shares: β · (N + 1)', () => {
    const map = drawn('attention');
    expect(map.scaleEnd).toBeCloseTo(2.5, 6);
    expect(map.highest).toBe('2.5×');
    expect(map.measure).toBe('an even share');
    expect(map.cls).toBe('20\u00a0%');
    expect([...(map.grid.values as Float32Array)][0]).toBe(1);
  });

  it('shows alignment as the cosine itself', () => {
    const map = drawn('alignment');
    expect(map.highest).toBe('0.30');
    expect(map.cls).toBe('0.25');
    expect(map.measure).toBe('cosine with “cat”');
  });

  it('shows the combined weights relative to their mean', () => {
    const map = drawn('combined');
    expect(map.scaleEnd).toBeCloseTo((0.05 * 5) / 0.15, 5);
    expect(map.cls).toBe('33\u00a0%');
  });

  it('says why a map is not there', () => {
    expect(prepareMap(maps, 'alignment', 'background', 'cat')).toEqual({
      missing: 'no other object',
    });
    const whole = { ...maps, betaInter: null, omegaBackground: null };
    for (const kind of ['attention', 'alignment', 'combined'] as const)
      expect(prepareMap(whole, kind, 'background', 'cat')).toEqual({ missing: 'no background' });
  });

  it('draws nothing from a map that is all zero', () => {
    const map = prepareMap(
      { ...maps, omegaTarget: [0, 0, 0, 0, 0] },
      'combined',
      'object',
      'cat',
    ) as PreparedMap;
    expect(map.scaleEnd).toBe(0);
    expect([...(map.grid.values as Float32Array)]).toEqual([0, 0, 0, 0]);
  });

  it('tells where a map is highest in words', () => {
    expect(highestPlace(drawn('attention').grid)).toBe('top left');
    expect(highestPlace({ rows: 3, columns: 3, values: [0, 0, 0, 0, 1, 0, 0, 0, 0] })).toBe('centre');
    expect(highestPlace({ rows: 3, columns: 3, values: [0, 0, 0, 1, 0, 0, 0, 0, 0] })).toBe('centre left');
  });
});
