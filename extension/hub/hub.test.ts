import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { largestDifference, readOracle } from '../../test/fixtures/oracle';
import { withWeightsElsewhere } from '../../test/fixtures/weightsElsewhere';
import { openDetectorBundle } from './detectorBundle';
import { openBundle, openBundleModel, readBundleFile, readBundleTensors } from './bundle';
import { modelSize } from './bundleManifest';
import { importModel } from './importModel';
import { ModelCache } from './modelCache';
import { readSafetensors, writeSafetensors } from './safetensors';

const embedded = join(__dirname, '../../models/embedded');
const checkpoint = join(__dirname, '../../test/fixtures/models/clip-tiny/model.safetensors');

describe('safetensors', () => {
  it('reads what Python wrote', () => {
    const { tensors } = readSafetensors(readFileSync(checkpoint));
    const weight = tensors.get('visual_projection.weight')!;
    expect(weight.shape).toEqual([24, 48]);
    expect(
      largestDifference(weight.data, readOracle('combiner').tensor('visual_projection.weight').data),
    ).toBeLessThan(1e-7);
  });

  it('reads what it writes', () => {
    const written = writeSafetensors(
      new Map([
        ['a', { shape: [2, 2], data: Float32Array.from([1, 2, 3, 4]) }],
        ['b', { shape: [1], data: Float32Array.from([5]) }],
      ]),
      { by: 'test' },
    );
    const { tensors, metadata } = readSafetensors(Buffer.from(written));
    expect(Array.from(tensors.get('a')!.data)).toEqual([1, 2, 3, 4]);
    expect(Array.from(tensors.get('b')!.data)).toEqual([5]);
    expect(metadata).toEqual({ by: 'test' });
  });

  it('refuses damaged files', () => {
    expect(() => readSafetensors(Buffer.from('short'))).toThrow('too short');
    expect(() => readSafetensors(readFileSync(checkpoint).subarray(0, 100))).toThrow('longer than the file');
    expect(() => readSafetensors(readFileSync(checkpoint).subarray(0, 20_000))).toThrow(
      'does not fit the file',
    );
  });
});

describe('a bundle', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    cpSync(embedded, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('that is embedded is whole', async () => {
    const bundle = await openBundle(embedded);
    const { vision, text, tokenizer, detector, readout } = bundle.manifest;
    for (const file of [vision, text, tokenizer, detector!, readout.genericCombiner!])
      expect((await readBundleFile(bundle, file)).length).toBe(file.size);
    expect([...(await readBundleTensors(bundle, readout.tensors!)).keys()].sort()).toEqual([
      'meanBackground',
      'tokenMap',
      'tokenMapOffset',
    ]);
  });

  it('is read only when its files are what the manifest says', async () => {
    const path = join(folder, 'vision.onnx');
    const bytes = readFileSync(path);
    bytes[1000] ^= 1;
    writeFileSync(path, bytes);
    const bundle = await openBundle(folder);
    await expect(readBundleFile(bundle, bundle.manifest.vision)).rejects.toThrow(
      /vision\.onnx is damaged.*Reinstall/,
    );
    rmSync(path);
    await expect(readBundleFile(bundle, bundle.manifest.vision)).rejects.toThrow(
      /vision\.onnx is missing.*Reinstall/,
    );
  });

  it('with a broken manifest says what is wrong', async () => {
    writeFileSync(join(folder, 'bundle.json'), '{ "format": 1 }');
    await expect(openBundle(folder)).rejects.toThrow('not a valid bundle description');
    writeFileSync(join(folder, 'bundle.json'), '{');
    await expect(openBundle(folder)).rejects.toThrow('is not JSON');
  });

  it('cannot name files outside its folder', async () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8')) as {
      vision: { file: string };
    };
    manifest.vision.file = '../vision.onnx';
    writeFileSync(join(folder, 'bundle.json'), JSON.stringify(manifest));
    await expect(openBundle(folder)).rejects.toThrow('a path inside the bundle');
  });

  it('can be a plain folder of exports', async () => {
    rmSync(join(folder, 'bundle.json'));
    // What a bundle was fitted with may not be lost in silence.
    await expect(openBundle(folder)).rejects.toThrow(/whose bundle\.json is missing/);
    rmSync(join(folder, 'readout.safetensors'));
    const { manifest } = await openBundle(folder);
    expect(manifest.vision).toMatchObject({ file: 'vision.onnx', imageSize: 224 });
    expect(manifest.text.contextLength).toBe(32);
    expect(manifest.readout).toMatchObject({ clsShare: 0, backgroundGain: 1, scoreForm: { kind: 'max' } });
    expect(manifest.detector?.kind).toBe('centerNet');
    expect((await openDetectorBundle(folder)).detector).toMatchObject({ kind: 'centerNet', inputSize: 512 });
  });

  it('may have weights in other files of its folder, which are held to their hashes and imported with it', async () => {
    const tiny = join(__dirname, '../../test/fixtures/models/clip-tiny');
    const plain = join(folder, 'plain');
    cpSync(tiny, plain, { recursive: true });
    const { model, weights } = withWeightsElsewhere(
      readFileSync(join(tiny, 'onnx/vision_model.onnx')),
      () => 'vision_model.onnx.data',
    );
    const data = weights.get('vision_model.onnx.data')!;
    writeFileSync(join(plain, 'onnx/vision_model.onnx'), model);
    writeFileSync(join(plain, 'onnx/vision_model.onnx.data'), data);
    const { vision } = (await openBundle(plain)).manifest;
    expect(vision.weights?.map(({ file }) => file)).toEqual(['onnx/vision_model.onnx.data']);
    expect(modelSize(vision)).toBe(model.length + data.length);

    const cache = new ModelCache(join(folder, 'cache'));
    await importModel(plain, cache, 'in-parts');
    const imported = await openBundle(cache.bundlePath('in-parts'));
    const opened = await openBundleModel(imported, imported.manifest.vision);
    expect(opened.weightFiles).toEqual(['vision_model.onnx.data']);

    data[1000] ^= 1;
    rmSync(join(cache.bundlePath('in-parts'), 'onnx/vision_model.onnx.data'));
    writeFileSync(join(cache.bundlePath('in-parts'), 'onnx/vision_model.onnx.data'), data);
    await expect(openBundleModel(imported, imported.manifest.vision)).rejects.toThrow(
      /vision_model\.onnx\.data is damaged/,
    );
    const unnamed = { ...imported.manifest.vision, weights: undefined };
    await expect(openBundleModel(imported, unnamed)).rejects.toThrow(
      /weights in vision_model\.onnx\.data, which/,
    );
  });

  it('is not just any folder', async () => {
    await expect(openBundle(__dirname)).rejects.toThrow(/is not a model bundle.*is missing/);
  });
});

describe('an OWLv2 export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'owl-'));
  const owl = join(__dirname, '../../test/fixtures/models/owlv2-tiny');
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['4.35.0', undefined, 0.5],
    ['5.23.0', undefined, 0],
    [undefined, undefined, 0.5],
    ['4.35.0', 0, 0],
    ['5.23.0', 127.5, 0.5],
  ])('of transformers %s that states %s pads with %s', async (version, stated, expected) => {
    cpSync(owl, folder, { recursive: true });
    const change = (name: string, values: object): void => {
      const settings = JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
      writeFileSync(join(folder, name), JSON.stringify({ ...settings, ...values }));
    };
    change('config.json', { transformers_version: version });
    change('preprocessor_config.json', { pad_value: stated });
    expect((await openDetectorBundle(folder)).detector).toMatchObject({ kind: 'owl', padValue: expected });
  });
});
