import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnParameters } from '../../../test/fixtures/drawnCombiner';
import { classListPresets } from '../../dataset/classLists/presets';
import { decodeImage } from '../../dataset/images/decodeImage';
import { openBundle } from '../../hub/bundle';
import { openDetectorBundle } from '../../hub/detectorBundle';
import { writeSafetensors } from '../../hub/safetensors';
import type { TrainedCombiner } from '../../pipeline/combiner';
import type { RgbImage } from '../../pipeline/image';
import { prepareTexts } from '../../pipeline/scoreObject';
import { initialParameters, parameterShapes, trainedCombiner } from '../../tuning/combinerParameters';
import { tensorsOf } from '../../tuning/combinerTensors';
import { writeFittedBundle } from '../fitReadout';
import { identifyObjects } from '../identifiedObjects';
import { bundleConfiguration, patchConfiguration } from '../methodDefaults';
import { loadImageModels, loadTextTower, type ImageModels } from './imageModels';
import { scanImage } from './scanImage';

const repository = join(__dirname, '../../..');
const classes = classListPresets.find(({ id }) => id === 'voc')!.names;
const loaded: ImageModels[] = [];
let folder: string;
let image: RgbImage;

/** A copy of the embedded bundle with a combiner for tokens of this width, and that combiner. */
function withCombiner(name: string, width: number): { directory: string; combiner: TrainedCombiner } {
  const directory = join(folder, name);
  cpSync(join(repository, 'models/embedded'), directory, {
    recursive: true,
    filter: (path) => !path.includes('recipe'),
  });
  const shape = { width, bottleneck: 3, hidden: 5 };
  const parameters = drawnParameters(shape, 1);
  const bytes = writeSafetensors(tensorsOf(parameters, shape), {});
  const file = 'drawn-combiner.safetensors';
  writeFileSync(join(directory, file), bytes);
  const path = join(directory, 'bundle.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { readout: object };
  const genericCombiner = {
    file,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    inScans: true,
  };
  writeFileSync(path, JSON.stringify({ ...manifest, readout: { ...manifest.readout, genericCombiner } }));
  return { directory, combiner: trainedCombiner(parameters) };
}

async function open(directory: string): Promise<ImageModels> {
  const models = await loadImageModels(await openBundle(directory), await openDetectorBundle(directory), {
    threads: 2,
  });
  loaded.push(models);
  return models;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'generic-combiner-'));
  ({ image } = await decodeImage(join(repository, 'media/samples/astronaut.jpg')));
});
afterAll(async () => {
  await Promise.all(loaded.map((models) => models.dispose()));
  rmSync(folder, { recursive: true });
});

describe('a combiner that a bundle brings', () => {
  it('scores as if it had been tuned, and gives way to one that was, and to its switch', async () => {
    const { directory, combiner } = withCombiner('fitting', 256);
    const models = await open(directory);
    const method = bundleConfiguration(models.bundle.manifest);
    expect(method.readout.genericCombiner).toBe(true);
    const without = patchConfiguration(method, { readout: { genericCombiner: false } });
    const textTower = await loadTextTower(models.bundle, 2);
    const texts = prepareTexts(await textTower.classTexts(classes, method.prompts), method);
    await textTower.dispose();
    const boxes = [
      { x: 0, y: 0, width: 512, height: 512 },
      { x: 20, y: 30, width: 200, height: 300 },
    ].map((box) => ({ box, label: null, detectionScore: null, givenId: null }));
    const photo = { file: 'a.jpg', sha256: '0'.repeat(64), width: image.width, height: image.height };
    const objects = identifyObjects(photo, boxes, method.views.boxMargin);
    const scores = async (
      form: typeof method,
      tuned: TrainedCombiner | null,
      by = models,
    ): Promise<number[][]> => {
      const finished = await scanImage({ image, objects }, by, { texts, method: form, combiner: tuned });
      return finished.map(({ classScores }) => Array.from(classScores));
    };
    const bare = await open(join(repository, 'models/embedded'));
    const plain = await scores(without, null, bare);
    expect(await scores(method, null)).toEqual(await scores(without, combiner, bare));
    expect(await scores(without, null)).toEqual(plain);
    expect(await scores(method, null)).not.toEqual(plain);
    const parameters = initialParameters(parameterShapes({ width: 256, bottleneck: 2, hidden: 4 }), 3);
    expect(await scores(method, trainedCombiner(parameters))).toEqual(plain); // tuned to add nothing
  });

  it('stays with a model whose readout is fitted anew', async () => {
    const { directory } = withCombiner('to-fit', 256);
    const bundle = await openBundle(directory);
    const { clsShare, backgroundGain, scoreForm, boxMargin, prompts } = bundle.manifest.readout;
    const output = join(folder, 'fitted');
    const mean = { shape: [256], data: new Float32Array(256).fill(0.5) };
    await writeFittedBundle(
      bundle,
      {
        form: { clsShare, backgroundGain, scoreForm, boxMargin, prompts },
        tensors: new Map([['meanBackground', mean]]),
        fittedOn: { objects: 300, images: 30, boxes: 'given boxes', note: 'unlabelled' },
      },
      output,
    );
    const { readout } = await open(output);
    expect(readout.genericCombiner).toEqual((await open(directory)).readout.genericCombiner);
    expect(readout.genericCombiner).not.toBeNull();
    expect(readout.meanBackground).toEqual(mean.data);
  });

  it('is refused where it does not fit the tower', async () => {
    const { directory } = withCombiner('narrow', 255);
    await expect(open(directory)).rejects.toThrow(
      /drawn-combiner\.safetensors cannot be used: its combiner is made for tokens of 255 numbers, and the tower gives 256/,
    );
  });
});
