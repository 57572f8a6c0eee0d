import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelListing } from '../../extension/protocol/models';
import type { Results } from '../../extension/protocol/results';
import { LocalHub } from '../hub/localHub';
import { CommandLine, repository, type Ended } from './commandLine';

const commandLine = new CommandLine();
const hub = new LocalHub(join(repository, 'test/fixtures/models'));
const clip = 'clip-vit-base-patch16';
const cache = join(commandLine.place, 'models');

beforeAll(async () => {
  await hub.start();
  commandLine.environment = { HF_ENDPOINT: hub.endpoint, UNI_OOD_MODELS: cache };
});
afterAll(async () => {
  await hub.stop();
  commandLine.dispose();
});

const models = (...options: string[]): Promise<Ended> => commandLine.run('models', ...options);

async function listed(): Promise<ModelListing[]> {
  const { status, output } = await models('list', '--json');
  expect(status).toBe(0);
  return JSON.parse(output) as ModelListing[];
}

describe('models on the command line', () => {
  it('are listed with size, licence and where they are', async () => {
    const { status, output, words } = await models('list');
    expect(status).toBe(0);
    expect(output).toMatch(/micro-v4 +embedded/);
    expect(output).toMatch(/clip-vit-base-patch16 +to download +about 600 MB/);
    expect(output).toMatch(/Licence: MIT \(weights by OpenAI/);
    expect(words).toContain(cache);
    expect(words).toMatch(/: 0 kB of 20(\.0)? GB\./);
  });

  it('that are not here are asked for by name', async () => {
    const folder = commandLine.samples('early', ['cat.png']);
    const { status, words } = await commandLine.run('scan', folder, '--classes', 'voc', '--model', clip);
    expect(status).toBe(1);
    expect(words).toMatch(
      /CLIP ViT-B\/16 has not been downloaded yet .*uni-ood models pull clip-vit-base-patch16/,
    );
    expect((await models('pull', 'clip-of-nobody')).words).toMatch(/There is no model clip-of-nobody/);
  });

  it('are refused before the first byte where they take more than models may', async () => {
    const asked = hub.asked('onnx/vision_model.onnx');
    commandLine.environment = { ...commandLine.environment, UNI_OOD_MODELS_QUOTA: '0.0001' };
    const { status, words } = await models('pull', clip);
    const bad = await (async () => {
      commandLine.environment = { ...commandLine.environment, UNI_OOD_MODELS_QUOTA: 'much' };
      return models('list');
    })();
    commandLine.environment = { HF_ENDPOINT: hub.endpoint, UNI_OOD_MODELS: cache };
    expect(status).toBe(1);
    expect(words).toMatch(
      /CLIP ViT-B\/16, fp32 needs \d+ kB more, .* 0 kB of the 100 kB they may.*uniOod\.modelQuota/,
    );
    expect(hub.asked('onnx/vision_model.onnx')).toBe(asked);
    expect(bad.words).toMatch(/UNI_OOD_MODELS_QUOTA is "much", which is no number of GB/);
  });

  it('are downloaded once by two who want them, verified, and scan', async () => {
    const both = await Promise.all([models('pull', clip), models('pull', clip)]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(both[0].words).toMatch(/CLIP ViT-B\/16, fp32, \d+ kB .*to download\) from 127\.0\.0\.1/);
    expect(hub.asked('onnx/vision_model.onnx')).toBe(1);
    expect((await listed()).find(({ id }) => id === clip)).toMatchObject({ state: 'stored', broken: null });
    expect((await models('verify', clip)).words).toMatch(/clip-vit-base-patch16: 3 files are as they were/);
    const folder = commandLine.samples('pulled', ['cat.png', 'astronaut.jpg']);
    const { objects, model, configuration } = await commandLine.results(
      folder,
      '--classes',
      'cat,person',
      '--model',
      clip,
    );
    expect(objects.length).toBeGreaterThan(1);
    expect(model.id).toBe(clip);
    expect(configuration.detector?.id).toBe('micro-v4');
    for (const { classScores } of objects)
      for (const score of Object.values(classScores)) expect(Math.abs(score)).toBeLessThanOrEqual(1);
  });

  it('get their readout from the first folder with enough boxes, and keep it', async () => {
    const bundle = (): { readout: { fittedOn?: { objects: number }; scoreForm: { kind: string } } } =>
      JSON.parse(readFileSync(join(cache, 'bundles', clip, 'bundle.json'), 'utf8')) as ReturnType<
        typeof bundle
      >;
    expect(bundle().readout.fittedOn).toBeUndefined();
    const files = ['cat.png', 'astronaut.jpg', 'coffee.jpg', 'rocket.jpg'];
    const folder = commandLine.samples('to-fit', files);
    const boxes = join(commandLine.place, 'to-fit.json');
    writeFileSync(boxes, JSON.stringify(gridOfBoxes(files, 9)));
    const first = await commandLine.run(
      'scan',
      folder,
      '--classes',
      'cat,person',
      '--model',
      clip,
      '--boxes',
      boxes,
    );
    expect(first.words).toMatch(/readout of clip-vit-base-patch16 was fitted on objects of .*to-fit/);
    expect(first.words).toMatch(/δ: Estimated from this folder's scores: .* not calibrated/);
    const { fittedOn, scoreForm } = bundle().readout;
    expect(fittedOn?.objects).toBeGreaterThanOrEqual(300);
    expect(scoreForm).toEqual({ kind: 'softmax', temperature: 0.03 });
    expect((await models('verify', clip)).status).toBe(0);
    const before = readFileSync(join(cache, 'bundles', clip, 'bundle.json'), 'utf8');
    const again = await commandLine.run(
      'scan',
      folder,
      '--classes',
      'dog',
      '--model',
      clip,
      '--boxes',
      boxes,
    );
    expect(again.status).toBe(0);
    expect(again.words).not.toContain('was fitted');
    expect(readFileSync(join(cache, 'bundles', clip, 'bundle.json'), 'utf8')).toBe(before);
  });

  it('have the form of their score chosen where the folder has labels', async () => {
    await models('import', join(repository, 'test/fixtures/models/clip-tiny'), '--id', 'labelled');
    const files = ['cat.png', 'astronaut.jpg', 'coffee.jpg', 'rocket.jpg'];
    const folder = commandLine.samples('to-choose', files);
    const boxes = join(commandLine.place, 'to-choose.json');
    writeFileSync(boxes, JSON.stringify(gridOfBoxes(files, 9, ['thing', 'cat'])));
    const { words } = await commandLine.run(
      ...['scan', folder, '--classes', 'cat,person', '--model', 'labelled', '--boxes', boxes],
    );
    const [, softmax, largest] =
      /score form chosen on 200 labelled objects by AUROC \(softmax at 0\.03 ([\d.]+) %, largest alignment ([\d.]+) %\)/.exec(
        words,
      ) ?? [];
    const manifest = join(cache, 'bundles/labelled/bundle.json');
    const { readout, ...rest } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      readout: { fittedOn: { note: string; formIsOpen?: boolean }; scoreForm: { kind: string } };
    };
    expect(readout.scoreForm.kind).toBe(Number(largest) > Number(softmax) ? 'max' : 'softmax');
    expect(words).toContain(readout.fittedOn.note);
    expect(readout.fittedOn.formIsOpen).toBeUndefined();
    // Stopped between the fit and the choice, the next scan goes on there.
    const stopped = { ...readout.fittedOn, note: 'unlabelled', formIsOpen: true };
    writeFileSync(manifest, JSON.stringify({ ...rest, readout: { ...readout, fittedOn: stopped } }));
    const [one, other] = await Promise.all(
      ['cat,person', 'cat,dog'].map((classes) =>
        commandLine.run('scan', folder, '--classes', classes, '--model', 'labelled', '--boxes', boxes),
      ),
    );
    expect([one.status, other.status]).toEqual([0, 0]);
    const chose = [one, other].filter((scan) => scan.words.includes('score form chosen on 200'));
    expect(chose).toHaveLength(1); // the other waited for it
  });

  it('that bring no threshold get one from the scores, and a person sets another', async () => {
    const files = ['cat.png', 'astronaut.jpg', 'coffee.jpg'];
    const folder = commandLine.samples('without-threshold', files);
    const boxes = join(commandLine.place, 'without-threshold.json');
    writeFileSync(boxes, JSON.stringify(gridOfBoxes(files, 4)));
    const scan = (...options: string[]): Promise<Results> =>
      commandLine.results(folder, '--classes', 'cat,person', '--model', clip, '--boxes', boxes, ...options);
    const { threshold, objects } = await scan();
    expect(threshold).toMatchObject({ source: 'estimated', truePositiveRate: null });
    const flagged = objects.filter((object) => object.flagged).length;
    expect(flagged).toBeGreaterThan(0);
    expect(flagged).toBeLessThanOrEqual(objects.length / 2);
    expect((await scan('--threshold', '0.4')).threshold).toMatchObject({ value: 0.4, source: 'user' });
    expect((await scan('--threshold', 'auto')).threshold).toEqual(threshold);
  });

  it('that were damaged are named, and can be got again', async () => {
    const path = join(cache, 'bundles', clip, 'onnx/text_model.onnx');
    chmodSync(path, 0o644);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(path, bytes);
    const { status, words } = await models('verify', clip);
    expect(status).toBe(1);
    expect(words).toMatch(/text_model\.onnx is damaged.*models remove clip-vit-base-patch16/);
    const removed = await models('remove', clip);
    expect(removed.words).toMatch(/Removed clip-vit-base-patch16; \d+ kB became free/);
    expect((await listed()).find(({ id }) => id === clip)?.state).toBe('offered');
    expect((await models('pull', clip)).status).toBe(0);
    expect((await models('verify', clip)).status).toBe(0);
  });

  it('can be imported from a folder, under a name of their own', async () => {
    const folder = join(commandLine.place, 'mine');
    cpSync(join(repository, 'test/fixtures/models/clip-tiny'), folder, { recursive: true });
    expect((await models('import', folder, '--id', 'my-clip')).status).toBe(0);
    expect((await models('import', folder, '--int8')).words).toMatch(/Imported as mine-int8-local\./);
    rmSync(folder, { recursive: true });
    expect((await models('verify', 'mine-int8-local')).status).toBe(0);
    expect((await models('import', 'my-clip', '--int8')).words).toMatch(/Imported as my-clip-int8-local\./);
    expect((await models('verify', 'my-clip')).status).toBe(0);
    const again = await models('import', join(repository, 'models/embedded'), '--id', 'my-clip');
    expect(again.words).toMatch(/There is a model my-clip already/);
    expect((await models('import', join(commandLine.place, 'nothing'))).words).toMatch(/is no folder/);
    // Contents that were there already are not stored again.
    const vision = join(cache, 'bundles/my-clip/onnx/vision_model.onnx');
    const same = (await listed()).find(({ id }) => id === 'my-clip');
    expect(same?.broken).toBeNull();
    expect(statSync(vision).nlink).toBeGreaterThanOrEqual(2);
  });

  it('that no scan could use are not imported, and leave nothing behind', async () => {
    const folder = join(commandLine.place, 'fused');
    cpSync(join(repository, 'test/fixtures/models/clip-tiny'), folder, { recursive: true });
    const fused = readFileSync(join(repository, 'test/fixtures/models/variants/fused/vision_model.onnx'));
    chmodSync(join(folder, 'onnx/vision_model.onnx'), 0o644);
    writeFileSync(join(folder, 'onnx/vision_model.onnx'), fused);
    const before = (await listed()).length;
    const { status, words } = await models('import', folder);
    expect(status).toBe(1);
    expect(words).toContain(
      `Model file ${join(folder, 'onnx/vision_model.onnx')} cannot be used: its attention is fused`,
    );
    expect(await listed()).toHaveLength(before);
  });

  it('are removed by their ids, also where they cannot be used, and nothing else is', async () => {
    const outside = join(commandLine.place, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'bundle.json'), '{}');
    for (const id of ['../../outside', outside]) {
      const { status, words } = await models('remove', id);
      expect(status).toBe(1);
      expect(words).toContain('There is no stored model');
    }
    expect(readdirSync(outside)).toEqual(['bundle.json']);
    await models('import', join(repository, 'test/fixtures/models/clip-tiny'), '--id', 'broken');
    rmSync(join(cache, 'bundles/broken/bundle.json'));
    expect((await models('remove', 'broken')).words).toContain('Removed broken');
    expect((await listed()).map(({ id }) => id)).not.toContain('broken');
  });

  it('whose two towers are of different models are told before the scan', async () => {
    const folder = join(commandLine.place, 'mixed');
    cpSync(join(repository, 'models/embedded'), folder, { recursive: true });
    const other = join(repository, 'test/fixtures/models/clip-tiny');
    const manifest = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8')) as {
      [tower: string]: object;
    };
    const described = (file: string): object => {
      const bytes = readFileSync(join(folder, file));
      return { file, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    };
    cpSync(join(other, 'onnx/text_model.onnx'), join(folder, 'other.onnx'));
    cpSync(join(other, 'tokenizer.json'), join(folder, 'other.json'));
    const text = { ...manifest.text, ...described('other.onnx'), contextLength: 77 };
    const mixed = { ...manifest, text, tokenizer: described('other.json') };
    writeFileSync(join(folder, 'bundle.json'), JSON.stringify(mixed));
    const photos = commandLine.samples('mixed photos', ['cat.png']);
    const { status, words } = await commandLine.run(
      'scan',
      photos,
      '--classes',
      'cat,dog',
      '--model',
      folder,
    );
    expect(status).toBe(1);
    expect(words).toMatch(/other\.onnx gives 24 numbers a class and the image tower 512 a photo/);
  });

  it('can be a detector from a folder', async () => {
    const owl = join(repository, 'test/fixtures/models/owlv2-tiny');
    expect((await models('import', owl, '--id', 'my-owl')).words).toMatch(/--detector my-owl/);
    expect((await models('import', owl, '--int8')).words).toMatch(/holds a detector; only image towers/);
    expect((await listed()).find(({ id }) => id === 'my-owl')).toMatchObject({
      kind: 'detector',
      broken: null,
    });
  });

  it('come from a folder where there is no network', async () => {
    const mirror = join(commandLine.place, 'mirror');
    cpSync(join(repository, 'test/fixtures/models/clip-tiny'), join(mirror, 'Xenova/clip-vit-base-patch32'), {
      recursive: true,
    });
    commandLine.environment = { UNI_OOD_MIRROR: mirror, UNI_OOD_MODELS: cache };
    expect((await models('pull', 'clip-vit-base-patch32')).status).toBe(0);
    const absent = await models('pull', 'clip-vit-large-patch14');
    expect(absent.status).toBe(1);
    expect(absent.words).toMatch(/The mirror .*mirror does not hold Xenova\/clip-vit-large-patch14/);
    commandLine.environment = { HF_ENDPOINT: hub.endpoint, UNI_OOD_MODELS: cache };
  });
});

/** COCO annotations: `side` × `side` boxes of 40 pixels on each image. */
function gridOfBoxes(files: readonly string[], side: number, names = ['thing']): object {
  const places = files.flatMap((_, image) =>
    Array.from({ length: side * side }, (__, at) => ({
      image,
      x: 12 * (at % side),
      y: 12 * Math.floor(at / side),
    })),
  );
  return {
    images: files.map((file_name, at) => ({ id: at + 1, file_name })),
    categories: names.map((name, at) => ({ id: at + 1, name })),
    annotations: places.map(({ image, x, y }, at) => ({
      id: at + 1,
      image_id: image + 1,
      category_id: (at % names.length) + 1,
      bbox: [x, y, 40, 40],
    })),
  };
}

describe('a detector of the hub', () => {
  it('boxes for any towers, and its boxes are kept for later scans', async () => {
    const detector = 'owlv2-base-patch16-ensemble-fp32';
    expect((await models('pull', detector)).words).toMatch(/--detector owlv2-base-patch16-ensemble-fp32/);
    const folder = commandLine.samples('owl', ['cat.png']);
    const scan = (classes: string): Promise<Results> =>
      commandLine.results(folder, '--classes', classes, '--detector', detector);
    const { objects, configuration, model } = await scan('cat,dog');
    expect(model.id).toBe('micro-v4');
    expect(configuration.detector?.id).toBe(detector);
    const kept = join(folder, '.uni-ood/cache/detections');
    const files = (): string[] =>
      readdirSync(kept, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
    expect(files()).toHaveLength(1);
    const again = await commandLine.results(
      folder,
      '--classes',
      'cat,dog',
      '--detector',
      detector,
      '--model',
      clip,
    );
    expect(again.objects.map(({ bbox }) => bbox)).toEqual(objects.map(({ bbox }) => bbox));
    expect(files()).toHaveLength(1);
    await scan('cat');
    expect(files()).toHaveLength(2);
  });

  it('encode a class list once: a later scan needs no text tower', async () => {
    const bundle = join(commandLine.place, 'embedded');
    cpSync(join(repository, 'models/embedded'), bundle, { recursive: true });
    const options = ['--classes', 'cat,person', '--model', bundle];
    const scores = async (folder: string): Promise<number[]> =>
      (await commandLine.results(folder, ...options)).objects.map(({ score }) => score);
    const first = await scores(commandLine.samples('texts-1', ['cat.png']));
    rmSync(join(bundle, 'text.onnx'));
    const other = commandLine.samples('texts-2', ['cat.png']);
    expect(await scores(other)).toEqual(first);
    const { status, words } = await commandLine.run('scan', other, '--classes', 'dog', '--model', bundle);
    expect(status).toBe(1);
    expect(words).toMatch(/text\.onnx is missing/);
  });

  it('say beforehand how long the photos will take where a photo takes long', async () => {
    const folder = commandLine.samples('long', ['cat.png', 'astronaut.jpg', 'coffee.jpg']);
    const options = ['--classes', 'cat', '--detector', 'owlv2-base-patch16-ensemble-fp32'];
    const { status, words } = await commandLine.run('scan', folder, ...options);
    expect(status).toBe(0);
    expect(words).toMatch(/^About \d+ s for 3 images\.$/m);
    expect((await commandLine.run('scan', folder, ...options)).words).not.toMatch(/About/);
    expect((await commandLine.run('scan', folder, '--fresh', '--quiet', ...options)).words).toBe('');
    expect((await commandLine.run('scan', folder, '--classes', 'cat')).words).not.toMatch(/About/);
  });
});
