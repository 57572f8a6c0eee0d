import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { liesOutside, outsideImagesText } from './outsideImages';

describe('a path', () => {
  const folder = resolve('data/photos');
  it.each([
    ['the folder', folder, false],
    ['a file in it', join(folder, 'a.jpg'), false],
    ['a file whose name begins with two dots', join(folder, '..a.jpg'), false],
    ['the folder above', resolve('data'), true],
    ['a neighbour that begins with its name', `${folder}-2`, true],
  ])('%s', (_name, path, outside) => {
    expect(liesOutside(folder, path)).toBe(outside);
  });
});

describe('what is told of images outside of the folder', () => {
  it('is nothing where there are none', () => {
    expect(outsideImagesText([], 5)).toBeNull();
  });

  it('counts them and names the links, those of most images first', () => {
    expect(outsideImagesText([{ link: 'a.jpg', images: 1 }], 5)).toMatch(
      /^1 of 5 images lies outside of the folder, by the link a\.jpg\. It is scanned/,
    );
    const links = ['b.jpg', 'c', 'd.jpg', 'e'].map((link, at) => ({ link, images: [1, 2000, 1, 7][at] }));
    expect(outsideImagesText(links, 2010)).toMatch(
      /^2,009 of 2,010 images lie outside of the folder, by the links c \(2,000\), e \(7\), b\.jpg and 1 more\. They are scanned .+ remove the links\.$/,
    );
  });
});
