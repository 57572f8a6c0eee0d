import type { RgbImage } from '../../pipeline/image';
import { resizeBicubic } from './bicubic';
import { normalisationTable, normalise } from './normalisation';
import type { SquareInput } from './smoothedResize';

/**
 * The preprocessing of OWL-ViT: the photo squashed to a square as Pillow's bicubic resampling does, normalised.
 *
 * @returns 3 × S × S, channel by channel. (OwlViTImageProcessor of transformers.)
 */
export function squashedSquare(
  photo: RgbImage,
  input: Pick<SquareInput, 'size' | 'mean' | 'std'>,
): Float32Array {
  const { size } = input;
  const out = new Float32Array(3 * size * size);
  normalise(resizeBicubic(photo, size, size).data, normalisationTable(input), out, 0);
  return out;
}
