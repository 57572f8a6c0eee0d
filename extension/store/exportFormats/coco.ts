import { exportDescription, type CocoAttributes } from '../../protocol/cocoAttributes';
import type { ResultObject, Results } from '../../protocol/results';

/**
 * COCO with scores: the category is the reviewer's class where one of the list was given, else the best class; what
 * COCO has no field for stands under `attributes`, by which a scan with these boxes finds the same objects and verdicts again.
 */
export function cocoDocument(results: Results): object {
  const categoryId = new Map(results.classes.map((name, at) => [name, at + 1]));
  const imageId = new Map(results.images.map(({ file }, at) => [file, at + 1]));
  return {
    info: { description: `${exportDescription}${results.generator}`, date_created: results.createdAt },
    images: results.images.map(({ file, width, height }, at) => ({
      id: at + 1,
      file_name: file,
      width,
      height,
    })),
    categories: results.classes.map((name, at) => ({ id: at + 1, name })),
    annotations: results.objects.map((object, at) => ({
      id: at + 1,
      image_id: imageId.get(object.image),
      category_id: categoryId.get(object.decision?.class ?? '') ?? categoryId.get(object.predictedClass),
      bbox: object.bbox,
      area: object.bbox[2] * object.bbox[3],
      iscrowd: 0,
      score: object.score,
      attributes: {
        ...readAgain(object),
        flagged: object.flagged,
        threshold: object.threshold,
        disagreement: object.disagreement ?? null,
        ...object.baselines,
      },
    })),
  };
}

const readAgain = (object: ResultObject): CocoAttributes => ({
  objectId: object.id,
  predictedClass: object.predictedClass,
  detectionScore: object.detectionScore,
  label: object.label,
  verdict: object.decision?.verdict ?? null,
  verdictClass: object.decision?.class ?? null,
  verdictAt: object.decision?.at ?? null,
});
