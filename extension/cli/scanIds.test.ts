import { describe, expect, it } from 'vitest';
import { scanSummary } from '../../test/fixtures/scanSummary';
import { chooseScans, namedScan } from './scanIds';

const scan = (scanId: string) => scanSummary({ reference: { folder: '/photos', scanId } });
/** The one changed last first. */
const scans = ['aa1', 'ab2', 'cc3'].map(scan);
const ids = (named: { a?: string; b?: string }): string[] => {
  const { a, b } = chooseScans(scans, named);
  return [a.reference.scanId, b.reference.scanId];
};

it('a scan is the last one, or the one whose id begins so', () => {
  expect(namedScan(scans).reference.scanId).toBe('aa1');
  expect(namedScan(scans, 'ab').reference.scanId).toBe('ab2');
  expect(() => namedScan(scans, 'a')).toThrow('Several scans begin with a');
});

describe('the scans that are compared', () => {
  it('are the last and the one before where none is named', () => {
    expect(ids({})).toEqual(['aa1', 'ab2']);
  });

  it('are named by how their ids begin, either alone or both', () => {
    expect(ids({ a: 'c' })).toEqual(['cc3', 'aa1']);
    expect(ids({ b: 'aa' })).toEqual(['ab2', 'aa1']);
    expect(ids({ b: 'cc3' })).toEqual(['aa1', 'cc3']);
    expect(ids({ a: 'ab', b: 'cc' })).toEqual(['ab2', 'cc3']);
  });

  it('are listed where a name is of none, of several, or twice of one', () => {
    for (const [named, said] of [
      [{ a: 'x' }, 'No scan of the folder has the id x'],
      [{ b: 'a' }, 'Several scans begin with a'],
      [{ a: 'aa', b: 'aa1' }, 'Both names are of one scan'],
    ] as const)
      expect(() => ids(named)).toThrow(new RegExp(`${said}[^]*aa1  micro 2 · 2 classes: cat, dog`));
  });

  it('are two at least', () => {
    expect(() => chooseScans(scans.slice(0, 1), {})).toThrow('one scan');
  });
});
