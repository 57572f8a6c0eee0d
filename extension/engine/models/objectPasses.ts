import type { Box, RgbImage } from '../../pipeline/image';
import type { ViewConfiguration } from '../../pipeline/configuration';
import type { ObjectPasses } from '../../pipeline/scoreObject';
import type { ImageTower } from '../../towers/imageTower';
import { coversImage } from '../../towers/preprocessing/geometry';
import { sharedPassesOf } from './sharedPasses';
import { PhotoViews, type TowerInput } from '../../towers/preprocessing/photoViews';

/**
 * Runs every box of an image through the image tower, with the background in the form that is wanted.
 *
 * @param objectsInPhoto where the photo holds more objects than are asked for.
 */
export function passesOf(
  image: RgbImage,
  boxes: readonly Box[],
  tower: ImageTower,
  input: TowerInput,
  { boxMargin, background }: ViewConfiguration,
  objectsInPhoto = boxes.length,
): AsyncGenerator<ObjectPasses> {
  const passes = background === 'shared' ? sharedPassesOf : maskedPassesOf;
  return passes(image, boxes, tower, input, boxMargin, objectsInPhoto);
}

/**
 * Target and background in one run an object, with the blurred photo beside the first. More objects a run gain nothing on
 * a CPU and only hold memory.
 */
async function* maskedPassesOf(
  image: RgbImage,
  boxes: readonly Box[],
  tower: ImageTower,
  input: TowerInput,
  boxMargin: number,
  objectsInPhoto: number,
): AsyncGenerator<ObjectPasses> {
  if (boxes.length === 0) return;
  const views = new PhotoViews(image, input);
  const area = 3 * input.imageSize ** 2;
  const pixels = new Float32Array(3 * area);
  // An object's numbers may not depend on whether the photo ran beside it.
  let blurredPhoto = tower.facts.mixesBatch ? await photoAlone(views, tower, pixels.subarray(area)) : null;
  for (const box of boxes) {
    views.target(box, boxMargin, pixels, 0);
    views.background(box, pixels, area);
    if (!blurredPhoto) views.blurredPhoto(pixels, 2 * area);
    const passes = await tower.run(blurredPhoto ? pixels.subarray(0, 2 * area) : pixels);
    blurredPhoto ??= passes.photo ?? new Float32Array(tower.facts.dimension);
    yield {
      target: passes.target,
      background: coversImage(box, image.width, image.height) ? null : passes.background,
      hasOtherObjects: objectsInPhoto > 1,
      blurredPhoto,
    };
  }
}

/** A run takes an object, so the photo stands for both its views. */
async function photoAlone(views: PhotoViews, tower: ImageTower, pixels: Float32Array): Promise<Float32Array> {
  const area = pixels.length / 2;
  views.blurredPhoto(pixels, 0);
  pixels.copyWithin(area, 0, area);
  const { target } = await tower.run(pixels);
  return target.projected.slice(0, tower.facts.dimension);
}
