import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderError } from '../protocol/folderError';
import { UserFacingError } from '../protocol/userFacingError';
import { databaseName } from './database';
import { exists } from './exists';

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
    await takeOver(inside, outside);
    return outside;
  }
}

/** What was stored in a folder while it could be written to goes on outside, unless something is there already. */
export async function takeOver(inside: string, outside: string): Promise<void> {
  if (await exists(join(outside, databaseName))) return;
  // The log first: beside another database it would be taken for that one's.
  for (const name of [`${databaseName}-wal`, databaseName])
    await copyFile(join(inside, name), join(outside, name), constants.COPYFILE_EXCL)
      .then(() => chmod(join(outside, name), 0o600)) // a copy is as protected as what it is of
      .catch(() => undefined);
}

/** The places where a folder's state may be found, the likelier first. */
export async function possibleStateDirectories(folder: string, fallback: string): Promise<string[]> {
  return [join(folder, stateFolderName), await fallbackOf(folder, fallback)];
}

async function fallbackOf(folder: string, fallback: string): Promise<string> {
  const real = await realpath(folder).catch(() => folder);
  return join(fallback, createHash('sha256').update(real).digest('hex').slice(0, 16));
}
