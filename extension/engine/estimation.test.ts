import { describe, expect, it } from 'vitest';
import { isEstimateDue } from './estimation';

describe('an estimate of δ', () => {
  it('is due at twenty objects and whenever their number has doubled', () => {
    const due = Array.from({ length: 200 }, (_, k) => k + 1).filter((now) => isEstimateDue(now - 1, now));
    expect(due).toEqual([20, 40, 80, 160]);
    expect(isEstimateDue(0, 500)).toBe(true);
    expect(isEstimateDue(161, 319)).toBe(false);
  });
});
