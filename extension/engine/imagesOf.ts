import { listImages, noImageText, type ImageFolder } from '../dataset/images/imageFiles';
import { folderError } from '../protocol/folderError';
import { UserFacingError } from '../protocol/userFacingError';

/**
 * The image files of a folder that is to be worked on.
 *
 * @throws UserFacingError when it cannot be read or holds no image; the signal's reason when aborted.
 */
export async function imagesOf(folder: string, signal: AbortSignal): Promise<ImageFolder> {
  const found = await listImages(folder, signal).catch((error: NodeJS.ErrnoException) => {
    signal.throwIfAborted();
    throw folderError(folder, error);
  });
  if (found.images.length > 0) return found;
  throw new UserFacingError(
    [noImageText(folder), ...found.unreadable.map(({ file, reason }) => `${file}: ${reason}.`)].join(' '),
  );
}
