import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const webview = path.resolve(import.meta.dirname, '../../webview');
const files = readdirSync(webview, { recursive: true, encoding: 'utf8' });
const components = files.filter((file) => file.endsWith('.svelte'));
const folders = [...new Set(components.map((file) => path.dirname(file)))].sort();

/** Script, markup and styles together: what is longer holds more than one idea. */
const mostLines = 150;

describe('the components of the review', () => {
  it.each(components)('%s is short enough to be read at once', (file) => {
    const lines = readFileSync(path.join(webview, file), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(mostLines);
  });

  it.each(folders)('%s holds a test of what its components do', (folder) => {
    const tests = files.filter((file) => path.dirname(file) === folder && file.endsWith('.browser.test.ts'));
    expect(tests).not.toEqual([]);
  });

  it('are found', () => {
    expect(components.length).toBeGreaterThan(80);
    expect(folders.length).toBeGreaterThan(25);
    expect(folders).not.toContain('.');
  });
});
