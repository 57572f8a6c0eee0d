import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { RgbImage } from '../pipeline/image';
import type { BoundingBox } from '../protocol/results';
import { writeInOneStep } from '../store/writeInOneStep';

/** Longest sides in pixels. */
const thumbnailSide = 96;
const cropSide = 640;
const photoSide = 1600;

/** JPEG files made for the screens, in a folder's state directory; made once, found again by name. */
export class PictureCache {
  constructor(readonly directory: string) {}

  thumbnailPath(decisionKey: string): string {
    return join(this.directory, 'thumbnails', decisionKey.slice(0, 2), `${decisionKey}.jpg`);
  }

  cropPath(decisionKey: string, crop: BoundingBox): string {
    return join(this.directory, 'crops', `${decisionKey}-${crop.join('_')}.jpg`);
  }

  photoPath(imageSha256: string): string {
    return join(this.directory, 'photos', `${imageSha256.slice(0, 24)}.jpg`);
  }

  /** A small square of the object's middle, filled. */
  async writeThumbnail(image: RgbImage, decisionKey: string, crop: BoundingBox): Promise<void> {
    const picture = cut(image, crop).resize(thumbnailSide, thumbnailSide, { fit: 'cover' });
    await write(picture, this.thumbnailPath(decisionKey), 72);
  }

  /** The target view before it is squashed. */
  async writeCrop(image: RgbImage, decisionKey: string, crop: BoundingBox): Promise<void> {
    await write(
      cut(image, crop).resize(cropSide, cropSide, { fit: 'inside', withoutEnlargement: true }),
      this.cropPath(decisionKey, crop),
      85,
    );
  }

  async writePhoto(image: RgbImage, imageSha256: string): Promise<void> {
    const picture = sharpOf(image).resize(photoSide, photoSide, { fit: 'inside', withoutEnlargement: true });
    await write(picture, this.photoPath(imageSha256), 85);
  }
}

function sharpOf({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function cut(image: RgbImage, [left, top, width, height]: BoundingBox): Sharp {
  return sharpOf(image).extract({ left, top, width, height });
}

async function write(picture: Sharp, path: string, quality: number): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  // Written by Node and not by the encoder, whose errors do not say that the disk is full.
  await writeInOneStep(path, await picture.jpeg({ quality }).toBuffer());
}
