import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const samples = fileURLToPath(new URL('../../media/samples', import.meta.url));
const list = 'LICENSES.md';

const photos = readdirSync(samples).filter((name) => name !== list && !name.startsWith('.'));
/** The cells of each row: file, what and by whom, licence, where it was found. */
const rows = readFileSync(join(samples, list), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|\s*(file|-+)\s*\|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map((cells) => cells.slice(1, -1));

describe('the list of the licences of the samples', () => {
  it('has one row a photo, and no other', () => {
    expect(rows.map(([file]) => file).sort()).toEqual(photos.sort());
    expect(photos.length).toBeGreaterThanOrEqual(12);
  });

  it.each(rows)('%s names its author, a licence that lets it be given on, and its package', (...row) => {
    const [, author, licence, found] = row;
    expect(author).not.toBe('');
    expect(licence).toMatch(
      /^(CC0|CC BY \d\.\d|public domain|no known copyright restrictions)( \(note \d\))?$/,
    );
    expect(found).toMatch(/ \d+\.\d+\.\d+/);
  });
});
