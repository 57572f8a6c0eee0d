import { describe, expect, it } from 'vitest';
import { parseScore } from './parseScore';

describe('a score as typed', () => {
  it.each([
    ['0.271', 0.271],
    [' 0,271 ', 0.271],
    ['-1', -1],
    ['.5', 0.5],
    ['2.', 2],
  ])('%s is %d', (text, value) => expect(parseScore(text)).toBe(value));

  it.each(['', 'δ', '0.2.7', '1,000.5', '1e3', 'NaN', '0x1'])('%s is no number', (text) =>
    expect(parseScore(text)).toBeNull(),
  );
});
