import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../dataset/images/decodeImage';
import { openBundle } from '../../hub/bundle';
import { openDetectorBundle } from '../../hub/detectorBundle';
import { classListPresets } from '../../dataset/classLists/presets';
import type { BackgroundView } from '../../pipeline/configuration';
import type { RgbImage } from '../../pipeline/image';
import { prepareTexts, type PreparedTexts } from '../../pipeline/scoreObject';
import type { ScanConfiguration } from '../../protocol/methodConfiguration';
import type { FinishedObject } from '../../store/records';
import { identifyObjects } from '../identifiedObjects';
import { bundleConfiguration } from '../methodDefaults';
import { loadImageModels, loadTextTower, type ImageModels } from './imageModels';
import { scanImage } from './scanImage';

const repository = join(__dirname, '../../..');
/** Boxes of all shapes over a 512 × 512 photo, more than share a run of the tower. */
const boxes = [
  [0, 0, 512, 512],
  [20, 30, 200, 300],
  [300, 10, 60, 400],
  [100, 350, 380, 90],
  [250, 250, 24, 24],
  [5, 480, 40, 30],
].map(([x, y, width, height]) => ({ x, y, width, height }));

let image: RgbImage;
let sha256: string;
let bundle: Awaited<ReturnType<typeof openBundle>>;
let configuration: ScanConfiguration;
const loaded: ImageModels[] = [];

async function modelsWith(
  threads: number,
  background: BackgroundView = 'masked',
): Promise<{ models: ImageModels; texts: PreparedTexts }> {
  const detector = await openDetectorBundle(bundle.directory);
  const models = await loadImageModels(bundle, detector, { threads, background });
  loaded.push(models);
  const classes = classListPresets.find(({ id }) => id === 'voc')!.names;
  const textTower = await loadTextTower(bundle, threads);
  const classTexts = await textTower.classTexts(classes, configuration.method.prompts);
  await textTower.dispose();
  return { models, texts: prepareTexts(classTexts, configuration.method) };
}

async function scan(
  { models, texts }: { models: ImageModels; texts: PreparedTexts },
  chosen: readonly (typeof boxes)[number][],
  background: BackgroundView = 'masked',
): Promise<FinishedObject[]> {
  const boxed = chosen.map((box) => ({ box, label: null, detectionScore: null, givenId: null }));
  const { boxMargin } = configuration.method.views;
  const objects = identifyObjects(
    { file: 'a.jpg', sha256, width: image.width, height: image.height },
    boxed,
    boxMargin,
  );
  const { method } = configuration;
  const views = { ...method.views, background };
  return scanImage({ image, objects }, models, { texts, method: { ...method, views }, combiner: null });
}

beforeAll(async () => {
  ({ image, sha256 } = await decodeImage(join(repository, 'media/samples/astronaut.jpg')));
  bundle = await openBundle(join(repository, 'models/embedded'));
  configuration = {
    method: bundleConfiguration(bundle.manifest),
    detection: bundle.manifest.detector!.defaults,
    boxes: 'test',
  };
});
afterAll(() => Promise.all(loaded.map((models) => models.dispose())));

function expectSame(one: FinishedObject, other: FinishedObject): void {
  expect(one.id).toBe(other.id);
  expect(one.predictedClass).toBe(other.predictedClass);
  expect(Math.abs(one.score - other.score)).toBeLessThan(1e-5);
  one.classScores.forEach((score, at) => expect(Math.abs(score - other.classScores[at])).toBeLessThan(1e-5));
  one.embedding.forEach((value, at) => expect(Math.abs(value - other.embedding[at])).toBeLessThan(1e-4));
  expect(Math.hypot(...one.embedding)).toBeCloseTo(1, 5);
  for (const name of ['mcm', 'maxCosine', 'glMcm', 'runa'] as const)
    expect(Math.abs(one.baselines[name] - other.baselines[name])).toBeLessThan(1e-5);
}

describe('the objects of an image', () => {
  it('score the same with one thread and with two, and in whatever company they run', async () => {
    const single = await modelsWith(1);
    const double = await modelsWith(2);
    const together = await scan(single, boxes);
    expect(new Set(together.map(({ score }) => score)).size).toBe(boxes.length);
    for (const [at, object] of (await scan(double, boxes)).entries()) expectSame(object, together[at]);
    const backwards = (await scan(single, [...boxes].reverse())).reverse();
    backwards.forEach((object, at) => expectSame(object, together[at]));
    for (const [at, box] of boxes.slice(1).entries()) {
      // With a neighbour, since an object that is alone in its photo has no inter-image attention.
      const [, object] = await scan(single, [boxes[0], box]);
      expectSame(object, together[at + 1]);
    }
  });

  it('that share a background score nearly the same, whatever company they run in', async () => {
    const models = await modelsWith(2, 'shared');
    const exact = await scan(models, boxes);
    const shared = await scan(models, boxes, 'shared');
    expect(shared.map(({ predictedClass }) => predictedClass)).toEqual(
      exact.map(({ predictedClass }) => predictedClass),
    );
    shared.forEach(({ score }, at) => expect(Math.abs(score - exact[at].score)).toBeLessThan(0.01));
    const backwards = (await scan(models, [...boxes].reverse(), 'shared')).reverse();
    backwards.forEach((object, at) => expectSame(object, shared[at]));
    // The first box is the whole photo, which has no background in either form.
    expect(shared[0].betaInter).toBeNull();
    expect(shared[0].score).toBeCloseTo(exact[0].score, 5);
    // Nothing under the box is looked at.
    const [, ...patches] = shared[1].betaInter!;
    expect(patches[2 * 7 + 1]).toBe(0);
    expect(patches[6 * 7 + 6]).toBeGreaterThan(0);
  });

  it('keep their ids and boxes, and equal boxes are told apart', async () => {
    const twins = await scan(await modelsWith(1), [boxes[1], boxes[1]]);
    expect(new Set(twins.map(({ id }) => id)).size).toBe(2);
    expect(twins.map(({ bbox }) => bbox)).toEqual([
      [20, 30, 200, 300],
      [20, 30, 200, 300],
    ]);
    expect(twins[0].score).toBeCloseTo(twins[1].score, 5);
  });
});
