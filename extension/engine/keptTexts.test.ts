import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBundle, type Bundle } from '../hub/bundle';
import type { ClassTexts } from '../pipeline/backgroundText';
import type { ClassAliases } from '../pipeline/classAliases';
import { keptTexts } from './keptTexts';

const texts: ClassTexts = {
  classes: 2,
  dimension: 3,
  embeddings: Float32Array.from([1, 0, 0, 0, 1, 0]),
  interTextAttention: Float32Array.from([0.75, 0.25, 0.5, 0.5]),
  joinedPrompt: Float32Array.from([0, 0, 1]),
};

let directory: string;
let bundle: Bundle;
let encoded = 0;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'texts-'));
  bundle = await openBundle(join(__dirname, '../../models/embedded'));
  encoded = 0;
});
afterEach(() => rmSync(directory, { recursive: true }));

const get = (
  classes: string[],
  prompts = ['a {}'],
  of: Bundle = bundle,
  aliases: ClassAliases = {},
): Promise<ClassTexts> =>
  keptTexts(of, classes, { prompts, aliases }, directory, () => {
    encoded++;
    return Promise.resolve({ ...texts, classes: classes.length });
  });

describe('texts of a class list', () => {
  it('are made once, and come back as they were', async () => {
    await get(['cat', 'dog']);
    expect(await get(['cat', 'dog'])).toEqual(texts);
    expect(encoded).toBe(1);
  });

  it('are others for other names, prompts and towers, not for another readout', async () => {
    await get(['cat', 'dog']);
    await get(['dog', 'cat']);
    await get(['cat', 'dog'], ['the {}']);
    await get(['cat', 'dog'], ['a {}'], bundle, { cat: ['kitten'] });
    const { manifest } = bundle;
    await get(['cat', 'dog'], ['a {}'], {
      ...bundle,
      manifest: { ...manifest, text: { ...manifest.text, sha256: '0'.repeat(64) } },
    });
    expect(encoded).toBe(5);
    const refitted = { ...manifest, readout: { ...manifest.readout, clsShare: 0.25 } };
    await get(['cat', 'dog'], ['a {}'], { ...bundle, sha256: 'f'.repeat(64), manifest: refitted });
    expect(encoded).toBe(5);
  });

  it('are made again where what was kept is damaged, and where nothing can be kept', async () => {
    await get(['cat', 'dog']);
    const [name] = readdirSync(directory);
    writeFileSync(join(directory, name), readFileSync(join(directory, name)).subarray(0, 100));
    expect(await get(['cat', 'dog'])).toEqual(texts);
    expect(encoded).toBe(2);
    const nowhere = join(directory, name, 'below a file');
    expect(
      await keptTexts(bundle, ['cat', 'dog'], { prompts: ['a {}'], aliases: {} }, nowhere, () =>
        Promise.resolve(texts),
      ),
    ).toBe(texts);
  });

  it('of the class lists used last are kept', async () => {
    for (let list = 0; list < 25; list++) await get([`class ${list}`, 'other']);
    expect(readdirSync(directory)).toHaveLength(20);
  });
});
