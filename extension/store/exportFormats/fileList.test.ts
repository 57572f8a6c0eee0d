import { describe, expect, it } from 'vitest';
import type { Results } from '../../protocol/results';
import { fileList } from './fileList';

const of = (...images: string[]): Results =>
  ({ objects: images.map((image) => ({ image })) }) as unknown as Results;

describe('the list of files', () => {
  it('names the image of every object once, in their order', () => {
    expect(fileList(of('b/2.jpg', 'a 1.jpg', 'b/2.jpg'))).toBe('b/2.jpg\na 1.jpg\n');
  });

  it.each(['a\nb.jpg', 'a\rb.jpg'])('is refused where a name would be two lines', (name) => {
    expect(() => fileList(of('1.jpg', name))).toThrow(/^The name a\\[nr]b\.jpg holds a line break/);
  });

  it('is empty without objects', () => {
    expect(fileList(of())).toBe('');
  });
});
