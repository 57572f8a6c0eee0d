import { crossAttention } from '../../pipeline/crossAttention';
import { hiddenTokens } from '../../pipeline/hiddenTokens';
import type { Box, RgbImage } from '../../pipeline/image';
import type { ObjectPasses, TowerPass } from '../../pipeline/scoreObject';
import type { ClsQuery, ImageTower, PhotoPass } from '../../towers/imageTower';
import { PhotoViews, type TowerInput } from '../../towers/preprocessing/photoViews';

/** Of a patch, the share that a box has to cover to hide it; see docs/performance.md. */
const leastShare = 0.5;

/**
 * As `passesOf`, with one pass of the whole photo in place of a masked background for every object: the target's [CLS]
 * query looks at the photo's keys, those of the tokens under the box left out. The blurred photo runs beside it.
 */
export async function* sharedPassesOf(
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
  const pixels = new Float32Array(2 * area);
  views.photo(pixels, 0);
  views.blurredPhoto(pixels, area);
  const photo = await tower.runPhoto(pixels);
  for (const box of boxes) {
    views.target(box, boxMargin, pixels, 0);
    const { target, query } = await tower.runTarget(pixels.subarray(0, area));
    const hidden = hiddenTokens(box, image, tower.facts.grid, leastShare);
    yield {
      target,
      background: seesBackground(hidden) ? backgroundOf(photo, query, hidden) : null,
      hasOtherObjects: objectsInPhoto > 1,
      blurredPhoto: photo.blurred,
    };
  }
}

/** Whether a patch is left. */
function seesBackground(hidden: Uint8Array): boolean {
  return hidden.indexOf(0, 1) > 0;
}

function backgroundOf(
  { tokens, projected, keys }: PhotoPass,
  query: ClsQuery,
  hidden: Uint8Array,
): TowerPass {
  const attention = crossAttention(query.values, keys, query.headWidth, hidden.length, 1, hidden);
  return { tokens, projected, attention, hidden };
}
