import { expect, it } from 'vitest';
import type { LabelledFolder } from './labelledPhotos';
import { together } from './shotLabels';

const box = (x: number): LabelledFolder['photos'][number]['objects'][number]['box'] => ({
  x,
  y: 0,
  width: 100,
  height: 100,
});
const folder = (origin: string, photos: LabelledFolder['photos']): LabelledFolder => ({
  folder: '/photos',
  origin,
  minimumSide: 32,
  photos,
  problems: [],
});

it('puts a verdict in the place of the annotation of the same object, and keeps what only one of both says', () => {
  const annotated = folder('annotations', [
    {
      file: 'a.jpg',
      objects: [
        { box: box(0), label: 'cat' },
        { box: box(300), label: 'dog' },
      ],
    },
    { file: 'b.jpg', objects: [{ box: box(0), label: 'cat' }] },
  ]);
  const verdicts = folder('verdicts', [
    {
      file: 'a.jpg',
      objects: [
        { box: box(5), label: 'fox', isOutside: false },
        { box: box(600), label: null, isOutside: true },
        { box: box(900), label: null, isOutside: false },
      ],
    },
    { file: 'c.jpg', objects: [{ box: box(0), label: 'dog', isOutside: false }] },
  ]);
  const { photos, origin } = together(annotated, verdicts);
  expect(origin).toBe('annotations and verdicts');
  expect(photos.map(({ file, objects }) => [file, objects.map(({ label }) => label)])).toEqual([
    ['a.jpg', ['fox', null, 'dog']],
    ['b.jpg', ['cat']],
    ['c.jpg', ['dog']],
  ]);
});
