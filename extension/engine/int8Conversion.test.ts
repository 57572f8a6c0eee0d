import { expect, it } from 'vitest';
import { suitedRange } from './int8Conversion';

it('weights have the full range only where the processor adds products in 32 bits', () => {
  expect(suitedRange('x64', 'flags : fpu avx2 avx512_vnni')).toBe('full');
  expect(suitedRange('x64', 'flags : fpu avx2 avx_vnni')).toBe('full');
  expect(suitedRange('arm64', '')).toBe('full');
  expect(suitedRange('x64', 'flags : fpu avx2 avx512f')).toBe('reduced');
  expect(suitedRange('x64', '')).toBe('reduced');
});
