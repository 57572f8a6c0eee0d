import { describe, expect, it } from 'vitest';
import { quotaOf, refuseBeyondQuota } from './modelQuota';

describe('what models may take', () => {
  it('is said in GB, 0 for no limit', () => {
    expect(quotaOf(undefined)).toBe(20e9);
    expect(quotaOf('1.5')).toBe(1.5e9);
    expect(quotaOf('0')).toBeNull();
    expect(() => quotaOf('-1')).toThrow(/no number of GB/);
  });

  it('is not refused up to the last byte, and is beyond it, with the largest that could go', () => {
    const stored = [1, 400, 2, 300].map((size, at) => ({ id: `model-${at}`, size: size * 1e6 }));
    const with100 = (used: number): void => refuseBeyondQuota('CLIP', 100e6, used, 1e9, stored);
    expect(() => with100(900e6)).not.toThrow();
    expect(() => with100(900e6 + 1)).toThrow(
      /^CLIP needs 100 MB more, and stored models take 900 MB of the 1(\.0)? GB.*model-1 \(400 MB\), model-3 \(300 MB\), model-2/,
    );
    expect(() => refuseBeyondQuota('CLIP', 1e15, 0, null, [])).not.toThrow();
  });
});
