import sharp from 'sharp';

/** Longest sides in pixels, and how well JPEG keeps them. */
const crop = { side: 320, quality: 75 };
const thumbnail = { side: 96, quality: 70 };
const photoQuality = 70;
/** Sides of photos, largest first: the fewer photos there are, the larger they can be. */
const photoSides = [1280, 960, 640, 480];

/** Roughly what takes how many characters of the report. */
const estimated = { object: 40_000, pixel: 0.12, base64: 4 / 3, aspect: 0.75 };

/** The largest side of photos with which so many objects of so many photos fit into a report of `limit` characters. */
export function photoSide(photos: number, objects: number, limit: number): number {
  const room = 0.8 * limit - objects * estimated.object;
  const { pixel, base64, aspect } = estimated;
  return (
    photoSides.find((side) => photos * side ** 2 * aspect * pixel * base64 <= room) ??
    photoSides[photoSides.length - 1]
  );
}

export const cropSource = (file: string): Promise<string> => reduced(file, crop, 'inside');
export const thumbnailSource = (file: string): Promise<string> => reduced(file, thumbnail, 'cover');
export const photoSource = (file: string, side: number): Promise<string> =>
  reduced(file, { side, quality: photoQuality }, 'inside');

/** A picture file as an address that holds it. */
async function reduced(
  file: string,
  { side, quality }: { side: number; quality: number },
  fit: 'inside' | 'cover',
): Promise<string> {
  const picture = sharp(file).resize(side, side, { fit, withoutEnlargement: fit === 'inside' });
  return `data:image/jpeg;base64,${(await picture.jpeg({ quality }).toBuffer()).toString('base64')}`;
}
