import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256OfFile } from './exportFiles';
import { FileHashes } from './fileHashes';

let directory: string;
let file: string;
let index: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hashes-'));
  file = join(directory, 'model.onnx');
  index = join(directory, 'cache/hashes.json');
  writeFileSync(file, 'one');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('hashes of files', () => {
  it('are those of the contents, read once', async () => {
    const real = await sha256OfFile(file);
    expect(await new FileHashes(index).of(file)).toBe(real);
    writeFileSync(index, readFileSync(index, 'utf8').replace(real, 'f'.repeat(64)));
    expect(await new FileHashes(index).of(file)).toBe('f'.repeat(64));
  });

  it('are read again when the file changed, also to contents of the same size', async () => {
    const hashes = new FileHashes(index);
    const before = await hashes.of(file);
    writeFileSync(file, 'two');
    expect(await hashes.of(file)).toBe(await sha256OfFile(file));
    expect(await hashes.of(file)).not.toBe(before);
  });

  it('are right where nothing can be kept or what was kept is damaged', async () => {
    const real = await sha256OfFile(file);
    expect(await new FileHashes(join(file, 'below a file.json')).of(file)).toBe(real);
    await new FileHashes(index).of(file);
    writeFileSync(index, '{ "damaged"');
    expect(await new FileHashes(index).of(file)).toBe(real);
  });
});
