import type { RgbImage } from '../../pipeline/image';
import { scoreObject, type MethodModel, type PreparedTexts } from '../../pipeline/scoreObject';
import type { TrainedCombiner } from '../../pipeline/combiner';
import type { MethodConfiguration } from '../../pipeline/configuration';
import type { FinishedObject } from '../../store/records';
import type { IdentifiedObject } from '../identifiedObjects';
import { towerInput, type ImageModels } from './imageModels';
import { passesOf } from './objectPasses';

export interface ImageToScan {
  image: RgbImage;
  objects: readonly IdentifiedObject[];
}

/** What a scan looks for, and how. */
export interface ScanSetting {
  texts: PreparedTexts;
  method: MethodConfiguration;
  /** A tuned combiner; null: none. */
  combiner: TrainedCombiner | null;
}

/**
 * Scores the objects of one image: the unit of work of a scan. A pure function of the image, the boxes and the
 * configuration; nothing carries over from one image to the next.
 *
 * @throws the signal's reason when aborted; between two runs of the tower, so it takes as long as one.
 */
export async function scanImage(
  { image, objects }: ImageToScan,
  models: ImageModels,
  { texts, method, combiner }: ScanSetting,
  signal?: AbortSignal,
): Promise<FinishedObject[]> {
  const model = methodModel(models, combiner);
  const finished: FinishedObject[] = [];
  const boxes = objects.map(({ box }) => box);
  for await (const passes of passesOf(image, boxes, models.imageTower, towerInput(models), method.views)) {
    signal?.throwIfAborted();
    const scored = await scoreObject(passes, texts, method, model);
    finished.push({
      ...objects[finished.length].identity,
      score: scored.score,
      predictedClass: scored.predictedClass,
      baselines: scored.baselines,
      classScores: scored.classScores,
      embedding: scored.embedding,
      ...scored.explanation,
    });
  }
  return finished;
}

/** The models as the method takes them. */
export function methodModel(models: ImageModels, combiner: TrainedCombiner | null): MethodModel {
  return {
    readout: models.readout,
    combiner,
    grid: models.imageTower.facts.grid,
    products: models.products,
    project: (tokens, rows) => models.imageTower.project(tokens, rows),
  };
}
