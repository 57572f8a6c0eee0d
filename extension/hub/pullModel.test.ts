import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutAfter, LocalHub, stalls, status, tampered } from '../../test/hub/localHub';
import { openBundle, proveBundleFile, readBundleFile } from './bundle';
import { catalogueModels, type CatalogueModel } from './catalogue';
import { openDetectorBundle } from './detectorBundle';
import { patience } from './download';
import { HubSource } from './hubSource';
import { MirrorSource } from './mirrorSource';
import { ModelCache } from './modelCache';
import type { ModelSource } from './modelSource';
import { planPull, pullModel, type PullProgress } from './pullModel';

const models = catalogueModels();
const clip = models.find(({ id }) => id === 'clip-vit-base-patch16')!;
const owl = models.find(({ id }) => id === 'owlv2-base-patch16-ensemble-fp32')!;
const vision = 'onnx/vision_model.onnx';
const fixtures = join(__dirname, '../../test/fixtures/models');

let place: string;
let hub: LocalHub;
let cache: ModelCache;
const never = new AbortController().signal;

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'hub-'));
  cache = new ModelCache(join(place, 'models'));
  hub = new LocalHub(fixtures);
  await hub.start();
  patience.least = 5;
});
afterEach(async () => {
  await hub.stop();
  rmSync(place, { recursive: true, force: true });
});

function source(settings: { token?: string; silence?: number } = {}): HubSource {
  return new HubSource({
    endpoint: hub.endpoint,
    token: settings.token,
    proxy: undefined,
    strictCertificates: true,
    silence: settings.silence,
  });
}

interface Circumstances {
  from: ModelSource;
  acceptChange: boolean;
  signal: AbortSignal;
}

async function pull(
  model: CatalogueModel = clip,
  { from = source(), acceptChange = false, signal = never }: Partial<Circumstances> = {},
): Promise<PullProgress[]> {
  const told: PullProgress[] = [];
  await pullModel(model, from, cache, { acceptChange }, (progress) => told.push(progress), signal);
  return told;
}

const unfinished = (): string[] => {
  try {
    return readdirSync(join(cache.directory, 'incoming'));
  } catch {
    return [];
  }
};

describe('a model of the catalogue', () => {
  it('is downloaded, described and readable, and says where it is from', async () => {
    const told = await pull();
    const { total } = told[0];
    expect(told.at(-1)).toMatchObject({ received: total, total });
    expect(total).toBeGreaterThan(500_000);
    const bundle = await openBundle(cache.bundlePath(clip.id));
    expect(bundle.manifest).toMatchObject({
      id: 'clip-vit-base-patch16',
      vision: { file: vision, imageSize: 64 },
      text: { file: 'onnx/text_model.onnx', contextLength: 77 },
      readout: { scoreForm: { kind: 'softmax', temperature: 0.03 } },
    });
    expect(bundle.manifest.source).toContain(`Xenova/clip-vit-base-patch16@${hub.commit}`);
    expect((await readBundleFile(bundle, bundle.manifest.vision)).length).toBe(
      statSync(join(fixtures, 'clip-tiny', vision)).size,
    );
    expect(unfinished()).toEqual([]);
  });

  it('can be a detector', async () => {
    const unpinned = { ...owl, entry: { ...owl.entry, revision: null } };
    await pull(unpinned);
    const { detector } = await openDetectorBundle(cache.bundlePath(owl.id));
    expect(detector).toMatchObject({ kind: 'owl', inputSize: 96, resize: 'padToSquare', queryLength: 16 });
    expect((await cache.list()).map(({ id, kind, broken }) => ({ id, kind, broken }))).toEqual([
      { id: owl.id, kind: 'detector', broken: null },
    ]);
  });

  it('is not asked for twice, and shares what another precision has', async () => {
    await pull();
    const before = hub.requests.length;
    await pull();
    expect(
      hub.requests.slice(before).every(({ path }) => path.startsWith('/api/') || !path.includes('onnx')),
    ).toBe(true);
    const plan = await planPull(clip, source(), cache, { acceptChange: false }, never);
    expect(plan.missing).toBe(0);
    await pull(models.find(({ id }) => id === 'clip-vit-base-patch16-int8'));
    expect(await cache.remove(clip.id)).toBeGreaterThan(300_000);
    const left = await openBundle(cache.bundlePath('clip-vit-base-patch16-int8'));
    await readBundleFile(left, left.manifest.tokenizer);
    await cache.remove('clip-vit-base-patch16-int8');
    expect(readdirSync(join(cache.directory, 'blobs'))).toEqual([]);
  });

  it('that was damaged is downloaded again, and keeps the readout it was fitted with', async () => {
    await pull();
    const directory = cache.bundlePath(clip.id);
    const before = (await openBundle(directory)).manifest;
    const fitted = Buffer.from('a readout');
    writeFileSync(join(directory, 'readout.safetensors'), fitted);
    const sha256 = createHash('sha256').update(fitted).digest('hex');
    const readout = {
      ...before.readout,
      tensors: { file: 'readout.safetensors', size: fitted.length, sha256 },
      fittedOn: { objects: 400, images: 20, boxes: 'detector', note: 'unlabelled' },
    };
    writeFileSync(join(directory, 'bundle.json'), JSON.stringify({ ...before, readout }));
    const path = join(directory, vision);
    chmodSync(path, 0o644);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(path, bytes); // the stored contents too: they are one file

    await pull();
    const again = await openBundle(directory);
    expect(again.manifest.vision).toEqual(before.vision);
    await proveBundleFile(again, again.manifest.vision);
    expect(again.manifest.readout).toEqual(readout);
    await proveBundleFile(again, again.manifest.readout.tensors!);
  });

  it('has its recorded hashes until what is to replace them has arrived', async () => {
    await pull();
    const recorded = readFileSync(cache.lockPath, 'utf8');
    const from = source();
    await hub.stop();
    await expect(pull(clip, { from, acceptChange: true })).rejects.toThrow(/could not be looked up/);
    expect(readFileSync(cache.lockPath, 'utf8')).toBe(recorded);
    await hub.start();
  });

  it('can come from a folder, and is held to what came first', async () => {
    const mirror = join(place, 'mirror/Xenova');
    cpSync(join(fixtures, 'clip-tiny'), join(mirror, 'clip-vit-base-patch16'), { recursive: true });
    const from = new MirrorSource(join(place, 'mirror'));
    await pull(clip, { from });
    await openBundle(cache.bundlePath(clip.id));
    await cache.remove(clip.id);
    const path = join(mirror, 'clip-vit-base-patch16', vision);
    chmodSync(path, 0o644);
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('x')]));
    await expect(pull(clip, { from })).rejects.toThrow(/vision_model\.onnx/);
  });

  it('that came from a folder is asked for at the hub by a commit of the hub’s', async () => {
    cpSync(join(fixtures, 'clip-tiny'), join(place, 'mirror/Xenova/clip-vit-base-patch16'), {
      recursive: true,
    });
    await pull(clip, { from: new MirrorSource(join(place, 'mirror')) });
    await cache.remove(clip.id);
    await pull();
    expect(await cache.has(clip.id)).toBe(true);
  });
});

describe('a download', () => {
  it('goes on where the connection was lost', async () => {
    hub.fail(vision, cutAfter(40_000), cutAfter(30_000));
    await pull();
    const ranges = hub.requests.filter(({ path, port }) => path.endsWith(vision) && port === 1);
    expect(ranges.map(({ range }) => range)).toEqual([undefined, 'bytes=40000-', 'bytes=70000-']);
    await readBundleFile(
      await openBundle(cache.bundlePath(clip.id)),
      (await openBundle(cache.bundlePath(clip.id))).manifest.vision,
    );
  });

  it('goes on where it was cancelled', async () => {
    const stop = new AbortController();
    hub.fail(vision, (_, response, contents) => {
      response.writeHead(200, { 'content-length': contents.length });
      response.write(contents.subarray(0, 40_000));
      setTimeout(() => stop.abort(new Error('enough')), 50);
    });
    await expect(pull(clip, { signal: stop.signal })).rejects.toThrow('enough');
    expect(unfinished()).toHaveLength(1);
    expect(await cache.has(clip.id)).toBe(false);
    await pull();
    const ranges = hub.requests.filter(({ path, port }) => path.endsWith(vision) && port === 1);
    expect(ranges.at(-1)?.range).toBe('bytes=40000-');
  });

  // The device stands for a disk without room.
  it.skipIf(!existsSync('/dev/full'))(
    'says that the disk is full, at once, and goes on when it is not',
    async () => {
      hub.fail(vision, cutAfter(1000), ...Array.from({ length: patience.tries - 1 }, () => status(503)));
      await expect(pull()).rejects.toThrow('could not be downloaded');
      const part = join(cache.directory, 'incoming', unfinished()[0]);
      rmSync(part);
      symlinkSync('/dev/full', part);
      const before = hub.asked(vision);
      await expect(pull()).rejects.toThrow(/^The disk is full: .* Free some space and try again/);
      expect(hub.asked(vision)).toBe(before + 1);
      expect(await cache.has(clip.id)).toBe(false);
      rmSync(part);
      await pull();
      expect(await cache.has(clip.id)).toBe(true);
    },
  );

  it('waits as long as it is asked to, and tries again after faults of the server', async () => {
    hub.fail(vision, status(429, { 'retry-after': '0.3' }), status(503), status(500));
    const begun = performance.now();
    await pull();
    expect(performance.now() - begun).toBeGreaterThan(300);
    expect(hub.asked(vision)).toBe(4);
  });

  it('goes on for as long as something comes, however often the connection is lost', async () => {
    hub.fail(vision, ...Array.from({ length: patience.tries + 3 }, () => cutAfter(10_000)));
    await pull();
    expect(hub.asked(vision)).toBe(patience.tries + 4);
  });

  it('does not wait for hours, and says for how long it should', async () => {
    hub.fail(vision, status(429, { 'retry-after': '3600' }));
    await expect(pull()).rejects.toThrow(/asks to wait for 60 minutes/);
    expect(hub.asked(vision)).toBe(1);
  });

  it('asks what a model consists of again, too', async () => {
    hub.fail('api', status(429, { 'retry-after': '0.1' }), status(503));
    await pull();
    expect(await cache.has(clip.id)).toBe(true);
  });

  it('tries again after silence', async () => {
    hub.fail(vision, stalls);
    await pull(clip, { from: source({ silence: 300 }) });
    expect(await cache.has(clip.id)).toBe(true);
  });

  it('says what to do when the server stays away, and keeps what came', async () => {
    hub.fail(vision, cutAfter(1000), ...Array.from({ length: patience.tries }, () => status(503)));
    await expect(pull()).rejects.toThrow(
      /vision_model\.onnx .*could not be downloaded: .*503.*check the network/,
    );
    expect(unfinished()).toHaveLength(1);
    const gone = new HubSource({
      endpoint: 'http://127.0.0.1:3',
      token: undefined,
      proxy: undefined,
      strictCertificates: true,
    });
    await expect(pull(clip, { from: gone })).rejects.toThrow(
      /127\.0\.0\.1:3 could not be reached \(ECONNREFUSED\)/,
    );
  });

  it('names a file that is gone or forbidden at once', async () => {
    hub.fail(vision, status(404));
    await expect(pull()).rejects.toThrow(/does not have .*vision_model\.onnx/);
    hub.fail(vision, status(403));
    await expect(pull()).rejects.toThrow(/refuses .*\(403\).*HF_TOKEN/);
    expect(hub.asked(vision)).toBe(2);
  });

  it('keeps nothing of other contents than were announced', async () => {
    hub.fail(vision, tampered);
    await expect(pull()).rejects.toThrow(/vision_model\.onnx .*other contents than .* announced/);
    expect(unfinished()).toEqual([]);
    expect(await cache.has(clip.id)).toBe(false);
    await pull();
  });

  it('sends the token to the hub and to no other host', async () => {
    await pull(clip, { from: source({ token: 'secret' }) });
    const sent = (port: number): (string | undefined)[] => [
      ...new Set(
        hub.requests.filter((request) => request.port === port).map(({ authorization }) => authorization),
      ),
    ];
    expect(sent(0)).toEqual(['Bearer secret']);
    expect(sent(1)).toEqual([undefined]);
  });
});

describe('contents that change at the hub', () => {
  it('are refused until a person accepts them', async () => {
    await pull();
    const known = hub.commit;
    await cache.remove(clip.id);
    hub.replace(vision, readFileSync(join(fixtures, 'variants/eager/vision_model.onnx')));
    await expect(pull()).rejects.toThrow(/vision_model\.onnx is not what it was.*--accept-change/);
    expect(await cache.has(clip.id)).toBe(false);
    await pull(clip, { acceptChange: true });
    expect(hub.commit).not.toBe(known);
    expect((await openBundle(cache.bundlePath(clip.id))).manifest.source).toContain(hub.commit);
  });

  it('are refused where the catalogue knows the hash', async () => {
    const pinned = { ...clip, files: { ...clip.files, sha256: { [vision]: 'a'.repeat(64) } } };
    await expect(pull(pinned)).rejects.toThrow(new RegExp(`should be ${'a'.repeat(64)}`));
  });
});
