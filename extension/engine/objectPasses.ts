import type { Box, RgbImage } from '../pipeline/image';
import type { ObjectPasses } from '../pipeline/scoreObject';
import { viewsOfAnObject, type ImageTower } from '../towers/imageTower';
import { coversImage } from '../towers/preprocessing/geometry';
import { PhotoViews, type TowerInput } from '../towers/preprocessing/photoViews';

/** Objects that share a run of the tower. More gain nothing on a CPU and only hold memory. */
const objectsTogether = 4;

/** Runs every box of an image through the image tower: target, background and blurred context, in one run a few objects. */
export async function* passesOf(
  image: RgbImage,
  boxes: readonly Box[],
  tower: ImageTower,
  input: TowerInput,
  boxMargin: number,
): AsyncGenerator<ObjectPasses> {
  if (boxes.length === 0) return;
  const views = new PhotoViews(image, input);
  const area = 3 * input.imageSize ** 2;
  for (let start = 0; start < boxes.length; start += objectsTogether) {
    const batch = boxes.slice(start, start + objectsTogether);
    const pixels = new Float32Array(viewsOfAnObject * batch.length * area);
    batch.forEach((box, at) => {
      views.target(box, boxMargin, pixels, at * area);
      views.background(box, pixels, (batch.length + at) * area);
      views.blurredContext(box, pixels, (2 * batch.length + at) * area);
    });
    const passes = await tower.run(pixels, batch.length);
    for (const [at, [target, background, context]] of passes.entries())
      yield {
        target,
        background: coversImage(batch[at], image.width, image.height) ? null : background,
        hasOtherObjects: boxes.length > 1,
        blurredContext: context.projected.subarray(0, tower.facts.dimension),
      };
  }
}
