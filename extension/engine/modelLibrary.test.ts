import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usualSourceSettings } from '../hub/chooseSource';
import { sha256OfFile } from '../hub/exportFiles';
import { ProcessLock } from '../store/processLock';
import { ModelLibrary } from './modelLibrary';

const fixtures = join(__dirname, '../../test/fixtures/models');
const embedded = join(__dirname, '../../models/embedded');
const clip = join(fixtures, 'clip-tiny');

let place: string;
const libraryWith = (quota: number | null): ModelLibrary =>
  new ModelLibrary(embedded, join(place, 'models'), usualSourceSettings, quota);

beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'library-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const ids = async (library: ModelLibrary): Promise<string[]> =>
  (await library.list()).filter(({ state }) => state === 'stored').map(({ id }) => id);

/** The tiny CLIP with a file of it replaced. */
function changed(file: string, contents: Buffer): string {
  const folder = join(place, 'changed');
  cpSync(clip, folder, { recursive: true });
  rmSync(join(folder, file));
  writeFileSync(join(folder, file), contents);
  return folder;
}

describe('what is imported', () => {
  it('has to be whole: a text tower of another model, or another tokenizer, is refused and nothing stored', async () => {
    const library = libraryWith(null);
    const text = readFileSync(join(embedded, 'text.onnx'));
    const mixed = changed('onnx/text_model.onnx', text);
    cpSync(join(embedded, 'tokenizer.json'), join(mixed, 'tokenizer.json'), { force: true });
    cpSync(join(embedded, 'config.json'), join(mixed, 'config.json'), { force: true });
    await expect(library.import(mixed, 'mixed')).rejects.toThrow(
      /changed\/onnx\/text_model\.onnx gives 512 numbers a class and the image tower 24/,
    );
    rmSync(join(place, 'changed'), { recursive: true });
    const words = readFileSync(join(embedded, 'tokenizer.json'));
    await expect(library.import(changed('tokenizer.json', words), 'mixed')).rejects.toThrow(
      /cannot read the class names: .*tokenizer\.json that belongs to it/,
    );
    expect(await ids(library)).toEqual([]);
  });

  it('counts towards what models may take', async () => {
    await expect(libraryWith(1000).import(clip, 'tiny')).rejects.toThrow(
      /needs \d+ kB more.*0 kB of the 1 kB/,
    );
    expect(await ids(libraryWith(1000))).toEqual([]);
    expect(await libraryWith(10e6).import(clip, 'tiny')).toBe('tiny');
  });

  it('may have any id but one that names an unfinished model', async () => {
    await expect(libraryWith(null).import(clip, 'tiny.part')).rejects.toThrow(/cannot be the id .*\.part/);
  });

  it('waits for another import, and shares its contents', async () => {
    const library = libraryWith(null);
    const names = ['one', 'two', 'three'];
    expect(await Promise.all(names.map((name) => library.import(clip, name)))).toEqual(names);
    for (const name of names) expect(await library.verify(name)).toBe(3);
  });

  it('keeps what the description of a detector says of it', async () => {
    const folder = join(place, 'detector');
    mkdirSync(folder);
    cpSync(join(embedded, 'detector.onnx'), join(folder, 'boxes.onnx'));
    const detector = {
      kind: 'centerNet',
      file: 'boxes.onnx',
      size: readFileSync(join(folder, 'boxes.onnx')).length,
      sha256: await sha256OfFile(join(folder, 'boxes.onnx')),
      inputSize: 384,
      defaults: { scoreThreshold: 0.2, overlapThreshold: 0.5, maximumObjects: 30, minimumSide: 16 },
    };
    const about = {
      format: 1,
      id: 'boxes',
      version: '1',
      licence: 'Apache-2.0',
      source: 'https://example.org',
    };
    writeFileSync(join(folder, 'detector.json'), JSON.stringify({ ...about, detector }));
    const library = libraryWith(null);
    await library.import(folder, 'my-boxes');
    expect((await library.list()).find(({ id }) => id === 'my-boxes')).toMatchObject({
      kind: 'detector',
      licence: 'Apache-2.0',
      source: 'https://example.org',
    });
    expect(await library.verify(folder)).toBe(1);
  });
});

describe('stored models', () => {
  it('are left alone while another window or command stores one', async () => {
    const library = libraryWith(null);
    await library.import(clip, 'tiny');
    const lock = ProcessLock.acquire(join(library.directory, 'downloading.lock'))!;
    await expect(library.remove('tiny')).rejects.toThrow(/Another window or command is downloading/);
    await expect(library.dropUnfinished()).rejects.toThrow(/Another window or command is downloading/);
    lock.release();
    expect(await library.remove('tiny')).toBeGreaterThan(100_000);
  });

  it('count without what no model uses, and that is dropped with unfinished downloads', async () => {
    const library = libraryWith(null);
    await library.import(clip, 'tiny');
    const { models } = await library.usage();
    writeFileSync(join(library.directory, 'blobs/left-behind'), Buffer.alloc(1000));
    expect(await library.usage()).toMatchObject({ models, unfinished: 1000 });
    await library.dropUnfinished();
    expect(await library.usage()).toMatchObject({ models, unfinished: 0 });
    expect(await library.verify('tiny')).toBe(3);
  });
});

it('a plain export has no hashes that it could be held to', async () => {
  await expect(libraryWith(null).verify(clip)).rejects.toThrow(/no description with hashes.*Import it/);
});
