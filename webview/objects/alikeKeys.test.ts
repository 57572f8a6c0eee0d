import { describe, expect, it } from 'vitest';
import { notCompared } from '../../extension/protocol/likeness';
import { alikeKeys, commonName, spread } from './alikeKeys';
import { chunkOf } from './chunk.fixture';
import { ObjectGroups } from './objectGroups';
import { ObjectTable } from './objectTable';

const table = new ObjectTable();
table.append(chunkOf([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]));
/** 0, 3 and 4 are alike, 1 and 5 are; 2 is alone, 6 came later. */
const alike = Uint32Array.of(3, 5, 2, 3, 3, 5);
const grouped = (...rows: number[]) =>
  new ObjectGroups(alikeKeys(alike, Uint32Array.from(rows), table), Uint32Array.from(rows), new Set());

describe('a list in groups of alike objects', () => {
  it('names a group by the object that stands for it, and ends with what is alone and what was not compared', () => {
    const all = grouped(6, 5, 4, 3, 2, 1, 0);
    expect(all.names()).toEqual(['like id-5', 'like id-3', 'alone', 'notCompared']);
    expect([...all.rows]).toEqual([5, 1, 4, 3, 0, 2, 6]);
  });

  it('calls alone whose likes are not listed, and keeps the name of a group whose object is not', () => {
    const some = grouped(0, 1, 4);
    expect(some.names()).toEqual(['like id-3', 'alone']);
    expect([...some.rows]).toEqual([0, 4, 1]);
  });

  it('groups what is alike to an object that the table was not told of yet', () => {
    const list = Uint32Array.of(0, 1, 2);
    const keys = alikeKeys(Uint32Array.of(8, 1, 8, 3, 4, 5, 6, 7, 8), list, table);
    const some = new ObjectGroups(keys, list, new Set());
    expect(some.names()).toEqual(['like 8', 'alone']);
    expect([...some.rows]).toEqual([0, 2, 1]);
  });

  it('holds what carries nothing to be compared by apart', () => {
    const list = Uint32Array.of(0, 1, 2);
    const keys = alikeKeys(Uint32Array.of(1, 1, notCompared), list, table);
    expect(new ObjectGroups(keys, list, new Set()).names()).toEqual(['like id-1', 'notCompared']);
  });
});

describe('of the rows of a group', () => {
  it('those from the first to the last are shown', () => {
    expect([...spread(Uint32Array.of(7, 8, 9), 4)]).toEqual([7, 8, 9]);
    expect([
      ...spread(
        Uint32Array.from({ length: 10 }, (_, at) => at),
        4,
      ),
    ]).toEqual([0, 3, 6, 9]);
  });

  it('the name of most is told, the first of equals', () => {
    const names = ['dog', 'cat', 'cat', 'dog'];
    const nameOf = (row: number) => names[row];
    expect(commonName(Uint32Array.of(0, 3), nameOf)).toEqual({ name: 'dog', isOfAll: true });
    expect(commonName(Uint32Array.of(0, 1, 2), nameOf)).toEqual({ name: 'cat', isOfAll: false });
    expect(commonName(Uint32Array.of(1, 0), nameOf)).toEqual({ name: 'cat', isOfAll: false });
  });
});
