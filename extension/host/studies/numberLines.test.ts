import { describe, expect, it } from 'vitest';
import { english } from '../../protocol/localisation';
import { seedsLines, shotsLines } from './numberLines';

const labels = (lines: { label: string }[]): string[] => lines.map(({ label }) => label);

describe('the numbers of a tuning that is part of an evaluation', () => {
  it('begin with the paper’s shots, and end with any other', () => {
    const lines = shotsLines(20, english);
    expect(labels(lines)).toEqual(['10', '5', '16', 'Another Number…']);
    expect(lines[0]).toMatchObject({ value: 10, description: 'as in the paper' });
    expect(lines.at(-1)!.value).toBeNull();
  });

  it('begin with the shots of ImageNet for a class list as long', () => {
    expect(labels(shotsLines(1000, english))).toEqual(['16', '5', '10', 'Another Number…']);
    expect(shotsLines(999, english)[0].value).toBe(10);
  });

  it('begin with five runs, and say what one run lacks', () => {
    const lines = seedsLines(english);
    expect(labels(lines)).toEqual(['5', '1', '3', '10', 'Another Number…']);
    expect(lines[1].detail).toMatch(/says nothing of how far runs differ/);
  });
});
