import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const readJson = (name: string): unknown => JSON.parse(readFileSync(path.join(root, name), 'utf8'));

/** Fields of package.json that a person reads in VS Code. The name of the product is the same in every language. */
const shown = new Set([
  'displayName',
  'title',
  'shortTitle',
  'description',
  'markdownDescription',
  'enumDescriptions',
  'contextualTitle',
  'contents',
  'altText',
]);
const product = 'UNI-OOD';

/** Every text of a JSON value with the field it stands in; entries of a list have the field of their list. */
function textsOf(value: unknown, field: string): { field: string; text: string }[] {
  if (typeof value === 'string') return [{ field, text: value }];
  if (Array.isArray(value)) return value.flatMap((entry) => textsOf(entry, field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => textsOf(entry, name));
}

const manifest = readJson('package.json') as { contributes: { views: Record<string, { name: string }[]> } };
const texts = readJson('package.nls.json') as Record<string, string>;
const all = textsOf(manifest, '');
const keyOf = (text: string): string | undefined => /^%(.+)%$/.exec(text)?.[1];
const used = all.map(({ text }) => keyOf(text)).filter((key) => key !== undefined);

describe('the texts of package.json', () => {
  it('are keys of package.nls.json wherever a person reads them', () => {
    const names = Object.values(manifest.contributes.views).flatMap((views) => views.map(({ name }) => name));
    const read = [...all.filter(({ field }) => shown.has(field)).map(({ text }) => text), ...names];
    expect(read.length).toBeGreaterThan(100);
    expect(read.filter((text) => text !== product && keyOf(text) === undefined)).toEqual([]);
  });

  it('are all there, and none is left over', () => {
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
  });

  it('are not empty', () => {
    expect(Object.keys(texts).filter((key) => texts[key].trim() === '')).toEqual([]);
  });
});
