import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderError } from '../protocol/folderError';
import { UserFacingError } from '../protocol/userFacingError';

/** The folder inside a scanned folder that holds its state. */
export const stateFolderName = '.uni-ood';

/** Whether a folder can be written to. */
export function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Where the state of a scanned folder lives: in the folder itself, or, where that cannot be written to, in a folder of
 * its own under `fallback`. Made when it is not there.
 *
 * @throws UserFacingError when there is no such folder, or neither can be written to.
 */
export async function stateDirectoryOf(folder: string, fallback: string): Promise<string> {
  const inside = join(folder, stateFolderName);
  await access(folder).catch((error: NodeJS.ErrnoException) => {
    throw folderError(folder, error);
  });
  try {
    await mkdir(inside, { recursive: true });
    // Written each time: it also shows that the folder can be written to at all.
    await writeFile(join(inside, '.gitignore'), '*\n');
    return inside;
  } catch {
    const outside = await fallbackOf(folder, fallback);
    await mkdir(outside, { recursive: true }).catch((error: Error) => {
      throw new UserFacingError(
        `Results can be stored neither in ${inside} nor in ${outside} (${error.message}). Make one of the two writable.`,
      );
    });
    return outside;
  }
}

/** The places where a folder's state may be found, the likelier first. */
export async function possibleStateDirectories(folder: string, fallback: string): Promise<string[]> {
  return [join(folder, stateFolderName), await fallbackOf(folder, fallback)];
}

async function fallbackOf(folder: string, fallback: string): Promise<string> {
  const real = await realpath(folder).catch(() => folder);
  return join(fallback, createHash('sha256').update(real).digest('hex').slice(0, 16));
}
