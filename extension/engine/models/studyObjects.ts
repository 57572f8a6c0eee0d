import type { Box, RgbImage } from '../../pipeline/image';
import { scoreObject } from '../../pipeline/scoreObject';
import type { BaselineScores } from '../../pipeline/baselines';
import { methodModel, type ScanSetting } from './scanImage';
import type { ImageModels } from './imageModels';
import { passesOf } from './objectPasses';
import { towerInput } from './imageModels';

/** What an object scores in every form of the method that is studied. */
export interface StudiedObject {
  /** S, one a form. */
  scores: Float64Array;
  /** c*, one a form. */
  predicted: Int32Array;
  baselines: BaselineScores;
}

/**
 * Scores objects of a photo in many forms of the method from one pass of the towers. All forms see the same views.
 *
 * @param objectsInPhoto where the photo holds more objects than are asked for.
 */
export async function studyObjects(
  image: RgbImage,
  boxes: readonly Box[],
  objectsInPhoto: number,
  models: ImageModels,
  forms: readonly ScanSetting[],
): Promise<StudiedObject[]> {
  const studied: StudiedObject[] = [];
  const { views } = forms[0].method;
  const input = towerInput(models);
  for await (const passes of passesOf(image, boxes, models.imageTower, input, views, objectsInPhoto)) {
    const scores = new Float64Array(forms.length);
    const predicted = new Int32Array(forms.length);
    let baselines: BaselineScores | undefined;
    for (const [at, { texts, method, combiner }] of forms.entries()) {
      const scored = await scoreObject(passes, texts, method, methodModel(models, combiner));
      scores[at] = scored.score;
      predicted[at] = scored.predictedClass;
      baselines ??= scored.baselines;
    }
    studied.push({ scores, predicted, baselines: baselines! });
  }
  return studied;
}
