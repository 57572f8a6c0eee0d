import { describe, expect, it } from 'vitest';
import { chunkOf } from './chunk.fixture';
import { classKeys, imageKeys } from './groupKeys';
import { ObjectGroups } from './objectGroups';
import { ObjectTable } from './objectTable';
import { ScoreIndex } from './scoreIndex';

const classes = ['dog', 'ape', 'cat'];
/** Files trips, pets, trips, pets; classes dog, ape, cat, dog. */
const table = new ObjectTable();
table.append(chunkOf([0.4, 0.1, 0.3, 0.2], 0, { files: ['trips.jpg', 'pets.jpg'] }));
const byScore = new ScoreIndex(table).rows;
const keys = { image: imageKeys(table), class: classKeys(table, classes) };
const groups = (by: 'image' | 'class', ...folded: string[]) =>
  new ObjectGroups(keys[by], byScore, new Set(folded));

describe('a list in groups', () => {
  it('begins with the group of its first row, and keeps the order within each', () => {
    const byImage = groups('image');
    expect([...byImage.rows]).toEqual([1, 3, 2, 0]);
    expect(byImage.names()).toEqual(['pets.jpg', 'trips.jpg']);
    expect([...byImage.rowsOf(1)]).toEqual([2, 0]);
    const byClass = groups('class');
    expect(byClass.names()).toEqual(['ape', 'dog', 'cat']);
    expect([...byClass.rows]).toEqual([1, 3, 0, 2]);
    expect(byClass.groupOf(0)).toBe(1);
  });

  it('shows of a folded group no row, and holds them still', () => {
    const byClass = groups('class', 'dog');
    expect([...byClass.shown]).toEqual([1, 2]);
    expect([...byClass.shownStarts]).toEqual([0, 1, 1]);
    expect([...byClass.rows]).toEqual([1, 3, 0, 2]);
    expect([...byClass.rowsOf(1)]).toEqual([3, 0]);
    expect([0, 1, 2].map((group) => byClass.isFolded(group))).toEqual([false, true, false]);
    expect(groups('class', 'dog', 'ape', 'cat').shown.length).toBe(0);
  });

  it('ends with the groups that are last, in their order, wherever their rows come', () => {
    const ends = { ...keys.class, last: [classes.indexOf('ape'), classes.indexOf('dog')] };
    const grouped = new ObjectGroups(ends, byScore, new Set());
    expect(grouped.names()).toEqual(['cat', 'ape', 'dog']);
    expect([...grouped.rows]).toEqual([2, 1, 3, 0]);
    expect([...new ObjectGroups(ends, Uint32Array.of(3, 2), new Set()).names()]).toEqual(['cat', 'dog']);
  });

  it('is empty for an empty list', () => {
    const empty = new ObjectGroups(keys.image, new Uint32Array(), new Set(['pets.jpg']));
    expect(empty.count).toBe(0);
    expect(empty.shown.length).toBe(0);
  });
});
