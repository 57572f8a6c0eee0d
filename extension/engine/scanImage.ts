import { objectId } from '../dataset/objectIdentity';
import type { Box, RgbImage } from '../pipeline/image';
import { scoreObject, type PreparedTexts } from '../pipeline/scoreObject';
import type { ScanConfiguration } from '../protocol/methodConfiguration';
import type { BoundingBox } from '../protocol/results';
import type { FinishedObject } from '../store/records';
import { coveredPixels } from '../towers/preprocessing/geometry';
import type { ModelSet } from './modelSet';
import { passesOf } from './objectPasses';

/** An object of an image before it is scored. */
export interface BoxedObject {
  box: Box;
  label: string | null;
  detectionScore: number | null;
  /** The id a file gave it; null: one is made from the image and the box. */
  givenId: string | null;
}

export interface ImageToScan {
  file: string;
  image: RgbImage;
  sha256: string;
  objects: readonly BoxedObject[];
}

/** Boxes are stored to a hundredth of a pixel, so that they read the same wherever they are written. */
const rounded = (value: number): number => Math.round(value * 100) / 100;

/**
 * Scores the objects of one image: the unit of work of a scan. A pure function of the image, the boxes and the
 * configuration; nothing carries over from one image to the next.
 */
export async function scanImage(
  { file, image, sha256, objects }: ImageToScan,
  models: ModelSet,
  texts: PreparedTexts,
  configuration: ScanConfiguration,
): Promise<FinishedObject[]> {
  const { manifest } = models.bundle;
  const { method } = configuration;
  const { boxMargin } = method.views;
  const model = {
    readout: models.readout,
    combiner: null,
    grid: models.imageTower.facts.grid,
    project: (tokens: Float32Array, rows: number) => models.imageTower.project(tokens, rows),
  };
  const input = {
    imageSize: manifest.vision.imageSize,
    mean: manifest.vision.mean,
    std: manifest.vision.std,
  };
  const finished: FinishedObject[] = [];
  const repetitions = new Map<string, number>();
  const boxes = objects.map(({ box }) => box);
  for await (const passes of passesOf(image, boxes, models.imageTower, input, boxMargin)) {
    const { box, label, detectionScore, givenId } = objects[finished.length];
    const scored = await scoreObject(passes, texts, method, model);
    const bbox: BoundingBox = [rounded(box.x), rounded(box.y), rounded(box.width), rounded(box.height)];
    const repetition = repetitions.get(bbox.join()) ?? 0;
    repetitions.set(bbox.join(), repetition + 1);
    const decisionKey = objectId(file, sha256, box, repetition);
    const { left, top, right, bottom } = coveredPixels(box, boxMargin, image.width, image.height);
    finished.push({
      id: givenId ?? decisionKey,
      decisionKey,
      ordinal: finished.length + 1,
      bbox,
      label,
      detectionScore,
      score: scored.score,
      predictedClass: scored.predictedClass,
      baselines: scored.baselines,
      crop: [left, top, right - left, bottom - top],
      classScores: scored.classScores,
      ...scored.explanation,
    });
  }
  return finished;
}
