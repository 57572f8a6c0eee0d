import { mkdtempSync, rmSync } from 'node:fs';
import type * as Files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LocalHub } from '../../test/hub/localHub';
import { openBundle, readBundleFile } from './bundle';
import { catalogueModels } from './catalogue';
import { HubSource } from './hubSource';
import { ModelCache } from './modelCache';
import { pullModel } from './pullModel';

const disk = vi.hoisted(() => ({ room: Infinity }));

/** A disk with `room` bytes left takes what fits of a write, and refuses the next. */
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof Files>();
  const open = async (...given: Parameters<typeof actual.open>): Promise<Files.FileHandle> => {
    const file = await actual.open(...given);
    if (!String(given[0]).endsWith('.part')) return file;
    const write = file.write.bind(file) as (
      ...values: [Uint8Array, number, number, number]
    ) => Promise<unknown>;
    file.write = ((chunk: Uint8Array, offset: number, length: number, position: number) => {
      if (disk.room === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
          code: 'ENOSPC',
          syscall: 'write',
        });
      const taken = Math.min(length, disk.room);
      disk.room -= taken;
      return write(chunk, offset, taken, position);
    }) as Files.FileHandle['write'];
    return file;
  };
  return { ...actual, open };
});

const clip = catalogueModels().find(({ id }) => id === 'clip-vit-base-patch16')!;
const vision = 'onnx/vision_model.onnx';
let place: string;
let hub: LocalHub;

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'full-'));
  hub = new LocalHub(join(__dirname, '../../test/fixtures/models'));
  await hub.start();
});
afterEach(async () => {
  disk.room = Infinity;
  await hub.stop();
  rmSync(place, { recursive: true, force: true });
});

it('a download says that the disk is full, and goes on from there when there is space', async () => {
  const cache = new ModelCache(join(place, 'models'));
  const source = new HubSource({
    endpoint: hub.endpoint,
    token: undefined,
    proxy: undefined,
    strictCertificates: true,
  });
  const pull = (): Promise<void> =>
    pullModel(
      clip,
      source,
      cache,
      { acceptChange: false },
      ({ file, received }) => {
        if (file === vision && received === 0) disk.room = 40_001;
      },
      new AbortController().signal,
    );
  await expect(pull()).rejects.toThrow(
    /The disk is full: .* Free some space and try again; what has arrived is kept/,
  );
  expect(hub.asked(vision)).toBe(1);
  expect(await cache.has(clip.id)).toBe(false);

  disk.room = Infinity;
  await pull();
  const ranges = hub.requests.filter(({ path, port }) => path.endsWith(vision) && port === 1);
  expect(ranges.at(-1)?.range).toBe('bytes=40001-');
  const bundle = await openBundle(cache.bundlePath(clip.id));
  await readBundleFile(bundle, bundle.manifest.vision);
});
