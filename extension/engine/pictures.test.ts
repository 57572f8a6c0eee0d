import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PictureCache } from './pictures';

it('two screens that ask for one picture at once both get it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pictures-'));
  const cache = new PictureCache(directory);
  const image = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3).fill(90) };
  await Promise.all(Array.from({ length: 8 }, () => cache.writeCrop(image, 'key', [0, 0, 64, 48])));
  expect(readdirSync(join(directory, 'crops'))).toEqual(['key-0_0_64_48.jpg']);
  rmSync(directory, { recursive: true });
});
